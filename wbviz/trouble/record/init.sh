#!/bin/busybox sh
# First program of the emulated machine: mounts, runs /experiment, and switches the machine off, whatever hangs.
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mount -t tracefs trace /sys/kernel/tracing
exec </dev/console >/dev/console 2>&1
. /limits
off() { poweroff -f -n; echo o > /proc/sysrq-trigger; } # -n: a sync would wait for what hangs
(sleep "$LONGEST"; echo; echo "==cut-off"; off) &
insmod /virtio_blk.ko
mke2fs -F -b 4096 /dev/vda >/dev/null 2>&1 # blocks of a page, as on larger disks: busybox would take 1 KiB here
mount -t ext2 /dev/vda /mnt
echo
echo "==kernel"
cat /proc/version
. /experiment
echo
echo "==end"
off
