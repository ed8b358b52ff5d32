/* sync-ahead: a sync work stands in the queue in front of works that hold a page lock.
   -DPAGES and -DLOCK_AT_ENQUEUE (the lock travels with the work) or not (pin_then_lock). */

#define BIT(p) (1 << (p))
#define ALL (BIT(PAGES) - 1)
#define SYNC PAGES

byte dirty = ALL, locked;
bool synced;
chan queue = [PAGES + 1] of { byte };

active proctype kswapd()
{
	byte page;

	do
	:: page < PAGES && (dirty & BIT(page)) ->
#ifdef LOCK_AT_ENQUEUE
		if
		:: atomic { !(locked & BIT(page)) && (dirty & BIT(page)) -> locked = locked | BIT(page) }
		   queue!page                           /* no unlock: the lock goes with the work */
		:: !(dirty & BIT(page)) || (locked & BIT(page))
		fi;
#else
		queue!page;
#endif
		page++
	:: page < PAGES && !(dirty & BIT(page)) -> page++
	:: page == PAGES -> break
	od
}

active proctype flusher()
{
	byte page;
	xr queue;

end:	do
	:: queue?page ->
		if
		:: page == SYNC ->
			page = 0;
			do
			:: page < PAGES && (dirty & BIT(page)) ->
				d_step { !(locked & BIT(page)); dirty = dirty & ~BIT(page); page++ }
			:: page < PAGES && !(dirty & BIT(page)) -> page++
			:: page == PAGES -> synced = true; break
			od
		:: else ->
#ifdef LOCK_AT_ENQUEUE
			d_step { dirty = dirty & ~BIT(page); locked = locked & ~BIT(page) }
#else
			d_step { !(locked & BIT(page)); dirty = dirty & ~BIT(page) }
#endif
		fi;
		page = 0
	od
}

active proctype sync()
{
	queue!SYNC;
	synced
}
