"""Functions of the kernel by what they mean on the stack of a sleeping task.

With the spellings of kernels from 3.x to 6.x: `page` became `folio`, helpers were inlined or not. Only data.
"""

from __future__ import annotations

from enum import StrEnum


class Wait(StrEnum):
    """What a task sleeps for."""

    PAGE_LOCK = "page-lock"
    PAGE_WRITEBACK = "page-writeback"
    PAGE_BIT = "page-bit"
    WORK = "work-completion"
    INODE_LOCK = "inode-lock"
    MAPPING_LOCK = "mapping-lock"
    MMAP_LOCK = "mmap-lock"
    SUPER_LOCK = "super-lock"
    OTHER_LOCK = "other-lock"
    JOURNAL = "journal"
    THROTTLE = "throttle"
    EVICTION = "eviction"
    BLOCK_IO = "block-io"
    RECLAIM = "reclaim"
    REPLY = "server-reply"
    UNKNOWN = "unknown"


class Doing(StrEnum):
    """What a task was about when it fell asleep."""

    WRITEBACK = "writeback"
    KSWAPD = "kswapd"
    JOURNAL = "journal-thread"
    RECLAIM = "reclaim"
    MIGRATE = "migration"
    UMOUNT = "umount"
    SYNC = "sync"
    FSYNC = "fsync"
    TRUNCATE = "truncate"
    UNLINK = "unlink"
    FAULT = "page-fault"
    WRITE = "write"
    READ = "read"
    OPEN = "open"
    UNKNOWN = "unknown"


class Hold(StrEnum):
    """What a task may hold while it sleeps."""

    PAGES = "page-locks"
    UNSENT = "unsent-writeback"
    HANDLE = "journal-handle"
    INODE = "inode-lock"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Asleep in one of these, and the wait is told. The innermost frame that is in a table decides.
WAITS: dict[Wait, frozenset[str]] = {
    Wait.PAGE_LOCK: _words(
        """__lock_page __lock_page_killable __lock_page_or_retry __lock_page_async lock_page lock_page_or_retry
        __folio_lock __folio_lock_killable __folio_lock_or_retry __folio_lock_async folio_lock
        folio_lock_killable wait_on_page_locked wait_on_page_locked_killable __wait_on_page_locked_async
        put_and_wait_on_page_locked folio_wait_locked folio_wait_locked_killable folio_put_wait_locked
        migration_entry_wait migration_entry_wait_on_locked find_lock_page find_lock_entry find_lock_entries
        lock_delalloc_pages lock_delalloc_folios"""
    ),
    Wait.PAGE_WRITEBACK: _words(
        """folio_wait_writeback folio_wait_writeback_killable folio_wait_stable wait_on_page_writeback
        wait_on_page_writeback_killable wait_on_page_writeback_range wait_for_stable_page
        filemap_fdatawait_range filemap_fdatawait filemap_fdatawait_keep_errors
        filemap_fdatawait_range_keep_errors __filemap_fdatawait_range file_fdatawait_range
        f2fs_wait_on_page_writeback f2fs_wait_on_block_writeback f2fs_wait_on_all_pages
        f2fs_wait_on_all_pages_writeback nfs_wait_on_request wait_sb_inodes"""
    ),
    Wait.WORK: _words(
        """wb_wait_for_completion sync_inodes_sb writeback_inodes_sb writeback_inodes_sb_nr
        __writeback_inodes_sb_nr try_to_writeback_inodes_sb try_to_writeback_inodes_sb_nr
        writeback_inodes_sb_if_idle writeback_inodes_sb_nr_if_idle bdi_sched_wait bdi_sync_writeback
        bdi_wait_on_work_clear cgroup_writeback_umount"""
    ),
    Wait.JOURNAL: _words(
        """start_this_handle wait_transaction_locked wait_transaction_switching jbd2_log_wait_commit
        log_wait_commit jbd2_log_do_checkpoint __jbd2_log_wait_for_space jbd2_journal_lock_updates
        add_transaction_credits do_get_write_access jbd2_journal_get_write_access jbd2_fc_begin_commit
        jbd2_fc_wait_bufs jbd2_complete_transaction jbd2_journal_commit_transaction journal_commit_transaction
        jbd2_journal_destroy xlog_grant_head_wait xlog_grant_head_check xfs_log_force xfs_log_force_lsn
        xlog_wait xlog_wait_on_iclog xfs_log_reserve xlog_state_get_iclog_space xfs_trans_reserve
        xlog_cil_push_work xlog_cil_force_seq xlog_cil_order_write wait_current_trans wait_for_commit
        btrfs_commit_transaction btrfs_wait_for_commit start_transaction reiserfs_wait_on_write_block
        queue_log_writer bch2_journal_res_get_slowpath gfs2_log_reserve txg_wait_synced txg_wait_open"""
    ),
    Wait.THROTTLE: _words(
        """balance_dirty_pages balance_dirty_pages_ratelimited balance_dirty_pages_ratelimited_nr
        balance_dirty_pages_ratelimited_flags throttle_vm_writeout"""
    ),
    Wait.EVICTION: _words(
        """inode_wait_for_writeback __inode_wait_for_writeback inode_sleep_on_writeback __wait_on_freeing_inode
        find_inode find_inode_fast inode_wait"""
    ),
    Wait.BLOCK_IO: _words(
        """blk_mq_get_tag bt_get get_request get_request_wait blk_get_request rq_qos_wait wbt_wait
        __rq_qos_throttle rq_qos_throttle blk_queue_enter __bio_queue_enter __submit_bio_noacct submit_bio
        submit_bio_noacct submit_bio_wait generic_make_request blkdev_issue_flush __wait_on_buffer
        wait_on_buffer sync_buffer sleep_on_buffer __lock_buffer __bread_gfp __bread sync_dirty_buffer
        __sync_dirty_buffer write_dirty_buffer blk_execute_rq dio_await_completion __blockdev_direct_IO
        do_blockdev_direct_IO iomap_dio_rw __iomap_dio_rw dm_wait_for_completion raid5_get_active_stripe
        md_super_wait md_flush_request md_handle_request wait_barrier raid10_wait_barrier sync_io
        blk_mq_freeze_queue_wait xfs_buf_iowait xfs_buf_lock xfs_buf_read_map read_extent_buffer_pages
        wait_on_extent_buffer_writeback"""
    ),
    Wait.RECLAIM: _words(
        """congestion_wait wait_iff_congested reclaim_throttle throttle_direct_reclaim mem_cgroup_oom_synchronize
        try_to_free_pages shrink_inactive_list too_many_isolated __alloc_pages_slowpath mempool_alloc"""
    ),
    Wait.REPLY: _words(
        """rpc_wait_bit_killable __rpc_wait_for_completion_task nfs_wait_bit_killable nfs_wait_bit_uninterruptible
        request_wait_answer __fuse_request_send fuse_simple_request fuse_request_send
        fuse_wait_on_page_writeback fuse_set_nowrite fuse_flush nfs4_run_open_task wait_for_response
        ceph_mdsc_wait_request rbd_obj_request_wait drbd_al_begin_io
        folio_wait_private_2 folio_wait_private_2_killable folio_wait_fscache folio_wait_fscache_killable
        wait_on_page_private_2 wait_on_page_private_2_killable wait_on_page_fscache wait_on_page_fscache_killable"""
    ),
}

# The kernel's own ways to sleep for a bit of a page: lock and writeback both end here.
BIT = _words(
    """folio_wait_bit_common folio_wait_bit folio_wait_bit_killable wait_on_page_bit wait_on_page_bit_common
        wait_on_page_bit_killable sleep_on_page sleep_on_page_killable sync_page wait_on_page_read"""
)
# Callers by which a bit is the lock: nothing there waits for writeback by itself.
LOCKS_PAGES = _words(
    """__filemap_get_folio __filemap_get_folio_mpol pagecache_get_page find_or_create_page
        grab_cache_page_write_begin grab_cache_page writeback_iter writeback_get_folio write_cache_pages
        mpage_prepare_extent_to_map extent_write_cache_pages f2fs_write_cache_pages filemap_fault
        filemap_update_page filemap_read filemap_get_pages generic_file_buffered_read
        generic_file_buffered_read_get_pages generic_file_read_iter generic_file_aio_read do_generic_file_read
        do_read_cache_page do_read_cache_folio read_cache_page shmem_getpage_gfp shmem_get_folio_gfp
        do_swap_page invalidate_inode_pages2_range migrate_pages migrate_pages_batch unmap_and_move
        migrate_folio_unmap lock_and_cleanup_extent_if_need prepare_pages prepare_one_folio nfs_wb_folio
        nfs_wb_page truncate_inode_pages_range truncate_inode_pages_final evict_inodes"""
)
# Callers by which `wait_on_page_bit` of older kernels is writeback: wait_on_page_writeback was inlined into them.
WAITS_WRITEBACK = _words(
    """wait_on_page_writeback_range shrink_page_list shrink_folio_list filemap_fdatawait_range
        __filemap_fdatawait_range truncate_inode_partial_folio f2fs_wait_on_page_writeback
        journal_finish_inode_data_buffers jbd2_journal_finish_inode_data_buffers wait_for_stable_page"""
)
MUTEX = _words(
    """down_read down_write down_read_killable down_write_killable down_write_nested down_read_nested
        call_rwsem_down_read_failed call_rwsem_down_write_failed rwsem_down_read_failed rwsem_down_write_failed
        rwsem_down_failed_common rwsem_down_read_slowpath rwsem_down_write_slowpath
        rwsem_down_write_failed_killable rwsem_down_read_failed_killable call_rwsem_down_write_failed_killable
        call_rwsem_down_read_failed_killable __down_read __down_write __mutex_lock __mutex_lock_common
        __mutex_lock_slowpath __mutex_lock_killable_slowpath __mutex_lock_interruptible_slowpath mutex_lock
        mutex_lock_nested mutex_lock_killable mutex_lock_killable_nested percpu_down_write percpu_rwsem_wait
        __percpu_down_read percpu_down_read rt_mutex_slowlock rwbase_write_lock rwbase_read_lock"""
)
# Which lock a sleeper in `down_write` or `mutex_lock` wants, by who called it.
LOCK_OF: dict[Wait, frozenset[str]] = {
    Wait.INODE_LOCK: _words(
        """inode_lock inode_lock_nested inode_lock_shared generic_file_aio_write generic_file_write_iter
        ext4_file_write ext4_file_write_iter ext4_buffered_write_iter ext4_dio_write_iter ext4_sync_file
        ext4_fallocate ext4_setattr xfs_ilock xfs_ilock_iocb xfs_ilock_data_map_shared xfs_file_buffered_write
        xfs_file_buffered_aio_write xfs_rw_ilock btrfs_inode_lock btrfs_file_write_iter btrfs_file_aio_write
        btrfs_buffered_write btrfs_sync_file f2fs_file_write_iter fuse_file_write_iter fuse_cache_write_iter
        fuse_fsync nfs_start_io_write nfs_file_write nfs_start_io_direct ceph_write_iter do_truncate
        chmod_common chown_common vfs_utimes do_unlinkat do_rmdir do_renameat2 lock_rename filename_create
        kern_path_create do_last open_last_lookups path_openat lookup_slow walk_component iterate_dir
        vfs_readdir vfs_setxattr vfs_fsync_range generic_file_fsync __generic_file_fsync blkdev_fsync
        ext4_file_mmap ext4_llseek generic_file_llseek_size block_llseek"""
    ),
    Wait.MAPPING_LOCK: _words(
        """unmap_mapping_range unmap_mapping_pages filemap_invalidate_lock filemap_invalidate_lock_two
        page_cache_ra_unbounded page_cache_ra_order filemap_create_folio filemap_create_page ext4_filemap_fault
        xfs_filemap_fault f2fs_filemap_fault rmap_walk_file ext4_punch_hole vma_link vma_adjust unlink_file_vma"""
    ),
    Wait.MMAP_LOCK: _words(
        """do_user_addr_fault __do_page_fault do_page_fault exc_page_fault lock_mm_and_find_vma mmap_read_lock
        mmap_write_lock vm_mmap_pgoff vm_munmap __vm_munmap sys_mprotect do_mprotect_pkey sys_madvise do_madvise
        proc_pid_cmdline_read m_start dup_mmap dup_mm"""
    ),
    Wait.SUPER_LOCK: _words(
        """iterate_supers super_lock grab_super get_super user_get_super __sb_start_write sb_wait_write
        freeze_super thaw_super deactivate_super sync_inodes_sb bdi_down_write_wb_switch_rwsem
        iterate_supers_type __iterate_supers trylock_super"""
    ),
}

# From what matters most: a reclaim inside a write is reclaim, a truncation inside an eviction is what was asked for.
DOING: dict[Doing, frozenset[str]] = {
    Doing.WRITEBACK: _words(
        """wb_workfn wb_writeback wb_do_writeback bdi_writeback_workfn bdi_writeback_thread bdi_writeback_task
        bdi_start_fn writeback_sb_inodes __writeback_inodes_wb writeback_inodes_wb"""
    ),
    Doing.KSWAPD: _words("kswapd balance_pgdat kswapd_shrink_node"),
    Doing.JOURNAL: _words(
        """kjournald2 kjournald jbd2_journal_commit_transaction journal_commit_transaction xlog_cil_push_work
        xfsaild transaction_kthread xfs_log_worker"""
    ),
    Doing.MIGRATE: _words("""migrate_pages migrate_pages_batch migrate_pages_sync compact_zone kcompactd khugepaged"""),
    Doing.RECLAIM: _words(
        """try_to_free_pages do_try_to_free_pages try_to_free_mem_cgroup_pages shrink_node shrink_zone shrink_zones
        shrink_lruvec shrink_inactive_list shrink_page_list shrink_folio_list mem_cgroup_reclaim
        __alloc_pages_direct_reclaim shrink_slab super_cache_scan prune_icache_sb"""
    ),
    Doing.UMOUNT: _words(
        """generic_shutdown_super kill_block_super deactivate_locked_super cleanup_mnt __cleanup_mnt sys_umount
        do_umount path_umount"""
    ),
    Doing.FSYNC: _words(
        """vfs_fsync vfs_fsync_range do_fsync sys_fsync sys_fdatasync sys_msync sys_sync_file_range sync_file_range
        ksys_sync_file_range file_write_and_wait_range generic_write_sync"""
    ),
    Doing.SYNC: _words(
        """sys_sync sync_filesystem sync_filesystems __sync_filesystem sync_inodes_one_sb sync_one_sb sys_syncfs
        ksys_sync iterate_supers do_sync_work sync_inodes_sb"""
    ),
    Doing.TRUNCATE: _words(
        """do_truncate sys_truncate sys_ftruncate truncate_pagecache truncate_setsize truncate_inode_pages
        truncate_inode_pages_range vfs_fallocate sys_fallocate"""
    ),
    Doing.UNLINK: _words("""do_unlinkat sys_unlink sys_unlinkat do_rmdir evict iput evict_inodes dispose_list"""),
    Doing.FAULT: _words(
        """handle_mm_fault __handle_mm_fault do_user_addr_fault do_page_fault __do_page_fault exc_page_fault
        filemap_fault do_page_mkwrite do_wp_page"""
    ),
    Doing.WRITE: _words(
        """vfs_write new_sync_write do_sync_write sys_write sys_pwrite64 sys_writev vfs_writev do_writev
        do_iter_write do_iter_readv_writev io_write io_submit_one aio_write generic_perform_write
        splice_file_to_pipe vfs_iter_write generic_file_write_iter generic_file_aio_write xfs_file_write_iter
        ext4_file_write_iter iter_file_splice_write"""
    ),
    Doing.READ: _words(
        """vfs_read new_sync_read do_sync_read sys_read sys_pread64 sys_readv filemap_read generic_file_read_iter
        generic_file_aio_read io_read iterate_dir vfs_readdir force_page_cache_readahead page_cache_ra_unbounded"""
    ),
    Doing.OPEN: _words(
        """do_sys_open do_sys_openat2 sys_open sys_openat do_filp_open path_openat vfs_statx vfs_fstatat vfs_stat"""
    ),
}

# Below one of these, what it may hold: a page that it locked, or pages under writeback in a request not sent yet.
HOLDS: dict[Hold, frozenset[str]] = {
    Hold.PAGES: _words(
        """mpage_prepare_extent_to_map mpage_map_and_submit_extent mpage_submit_page mpage_submit_folio __writepage
        __mpage_writepage mpage_write_folio __bch2_writepage writepage_cb f2fs_write_single_data_page
        f2fs_write_data_page __write_data_page f2fs_do_write_data_page f2fs_write_node_page __write_node_page
        __write_node_folio ext4_writepage __block_write_full_page __block_write_full_folio block_write_full_page
        block_write_full_folio xfs_do_writepage xfs_vm_writepage iomap_do_writepage iomap_writepage_map
        iomap_writeback_folio __extent_writepage extent_writepage writepage_delalloc find_lock_delalloc_range
        extent_write_cache_pages lock_delalloc_pages lock_delalloc_folios nfs_writepages_callback
        nfs_do_writepage nfs_page_async_flush fuse_writepages_fill fuse_writepage ceph_writepages_start
        afs_writepages_region gfs2_writepage pageout shrink_page_list shrink_folio_list
        truncate_inode_pages_range truncate_inode_partial_folio truncate_inode_pages truncate_inode_pages_final
        invalidate_inode_pages2_range truncate_pagecache truncate_partial_page ext4_page_mkwrite
        block_page_mkwrite do_page_mkwrite f2fs_vm_page_mkwrite btrfs_page_mkwrite xfs_filemap_page_mkwrite
        iomap_page_mkwrite filemap_page_mkwrite move_data_page move_data_block gc_data_segment
        do_garbage_collect f2fs_gc unmap_and_move migrate_pages migrate_pages_batch __block_write_begin
        __block_write_begin_int ext4_block_write_begin block_write_begin iomap_write_begin __iomap_write_begin
        read_pages filemap_read_folio filemap_update_page mpage_readpages mpage_readahead ext4_mpage_readpages
        iomap_readahead lock_and_cleanup_extent_if_need prepare_pages"""
    ),
    Hold.UNSENT: _words(
        """fuse_writepages fuse_writepages_fill fuse_send_writepage nfs_writepages mpage_writepages
        iomap_writepages xfs_vm_writepages f2fs_write_cache_pages f2fs_write_data_pages extent_write_cache_pages
        mpage_prepare_extent_to_map ceph_writepages_start"""
    ),
    Hold.HANDLE: _words(
        """ext4_map_blocks ext4_ext_map_blocks ext4_dirty_inode ext4_mark_inode_dirty __ext4_mark_inode_dirty
        ext4_truncate ext4_ext_truncate ext4_ext_remove_space mpage_map_and_submit_extent ext4_free_blocks
        ext4_mb_new_blocks ext4_write_end ext4_da_write_end ext4_delete_entry ext4_add_entry"""
    ),
    Hold.INODE: _words(
        """do_truncate notify_change vfs_fallocate ext4_buffered_write_iter generic_perform_write
        generic_file_buffered_write __generic_file_write_iter __generic_file_aio_write ext4_setattr
        xfs_setattr_size xfs_vn_setattr f2fs_setattr f2fs_file_write_iter truncate_pagecache ext4_punch_hole
        btrfs_buffered_write iomap_file_buffered_write fuse_perform_write fuse_do_setattr"""
    ),
}

SLEEPING = _words(
    """__schedule schedule __switch_to io_schedule io_schedule_timeout schedule_timeout
        schedule_preempt_disabled kthread ret_from_fork ret_from_fork_asm worker_thread process_one_work"""
)

COMMIT = _words("jbd2_journal_commit_transaction journal_commit_transaction")

# They lock one page with others locked already: holding and sleeping are the same function.
AT_SLEEP = _words(
    """mpage_prepare_extent_to_map lock_delalloc_pages lock_delalloc_folios extent_write_cache_pages
        migrate_pages_batch prepare_pages f2fs_write_cache_pages"""
)

# Inside the first and the second of these together: ext4 stopped its handle with the pages still in hand (until 4.10).
HOLDS_TOGETHER: tuple[tuple[str, str, Hold], ...] = (
    ("__ext4_journal_stop", "ext4_writepages", Hold.PAGES),
    ("__ext4_journal_stop", "ext4_writepages", Hold.UNSENT),
)

# They lock one page and have no other of their own then: no holders while they sleep for a page lock.
ONE_AT_A_TIME = _words(
    """filemap_update_page truncate_inode_pages_range truncate_inode_partial_folio truncate_inode_pages
        truncate_inode_pages_final invalidate_inode_pages2_range truncate_pagecache truncate_partial_page
        ext4_page_mkwrite block_page_mkwrite do_page_mkwrite f2fs_vm_page_mkwrite btrfs_page_mkwrite
        xfs_filemap_page_mkwrite iomap_page_mkwrite filemap_page_mkwrite unmap_and_move migrate_pages
        block_write_begin iomap_write_begin __iomap_write_begin"""
)
