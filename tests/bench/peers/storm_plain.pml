/* storm, policy write_ahead, as it is written: every operation is a step of its own, and every lock is taken.
   What Spin makes of it without a person who fuses steps by hand. -DPAGES -DKSWAPD -DWORKS -DWRITERS
   The disk, writeback and pins are left out here as well. */

#define BIT(p) (1 << (p))
#define ALL (BIT(PAGES) - 1)
#define SYNC PAGES
#define LOCK(p) atomic { !(locked & BIT(p)) -> locked = locked | BIT(p) }
#define LOCK_ATTACHED(p) atomic { !(locked & attached & BIT(p)) -> got = (attached & BIT(p)) != 0; locked = locked | (got << p) }
#define UNLOCK(p) locked = locked & ~BIT(p)
#define WRITE(p) dirty = dirty & ~BIT(p)

byte dirty = ALL, attached = ALL, locked;
bool synced;
chan queue = [KSWAPD * WORKS + 1] of { byte };

active [KSWAPD] proctype kswapd()
{
	byte untaken = ALL, left = WORKS, page;

	do
	:: atomic { left && (dirty & untaken) ->
			do
			:: dirty & untaken & BIT(page) -> break
			:: (dirty & untaken) >> (page + 1) -> page++
			od;
			left--;
			untaken = (left -> untaken & ~BIT(page) : 0)
	   }
	   atomic { queue!page; page = 0 }
	:: !(left && (dirty & untaken)) -> break
	od
}

active proctype flusher()
{
	byte page, ahead;
	bool got, more;
	xr queue;

end:	do
	:: atomic { queue?page; ahead = 0 }
		if
		:: page == SYNC ->
			page = 0;
			do
			:: atomic { page < PAGES && (dirty & BIT(page)) -> skip }
				LOCK_ATTACHED(page);
				if
				:: got ->
					if
					:: dirty & BIT(page) -> WRITE(page)
					:: else
					fi;
					UNLOCK(page)
				:: else
				fi;
				page++
			:: atomic { page < PAGES && !(dirty & BIT(page)) -> page++ }
			:: page == PAGES -> break
			od;
			synced = true
		:: else ->
			do
			:: LOCK(page);
				more = false;
				if
				:: attached & BIT(page) ->
					if
					:: dirty & BIT(page) -> WRITE(page)
					:: else
					fi;
					more = (attached & BIT(page + 1)) != 0
				:: else
				fi;
				UNLOCK(page);
				if
				:: more && !ahead -> atomic { ahead++; page++ }
				:: else -> break
				fi
			od
		fi;
		atomic { page = 0; ahead = 0; got = 0; more = 0 }
	od
}

active [WRITERS] proctype writer()
{
	byte page, held;
	bool got;

	do
	:: page < PAGES -> LOCK_ATTACHED(page); atomic { held = held | (got << page); got = 0; page++ }
	:: else -> break
	od;
	dirty = dirty & ~held;
	page = 0;
	do
	:: page < PAGES && (held & BIT(page)) -> atomic { UNLOCK(page); held = held & ~BIT(page); page++ }
	:: page < PAGES && !(held & BIT(page)) -> page++
	:: page == PAGES -> break
	od
}

active proctype sync()
{
	queue!SYNC;
	synced
}

active proctype truncate()
{
	byte page = PAGES / 2;
	bool got;

	do
	:: page < PAGES ->
		LOCK_ATTACHED(page);
		if
		:: got -> atomic { attached = attached & ~BIT(page); dirty = dirty & ~BIT(page) } UNLOCK(page)
		:: else
		fi;
		page++
	:: else -> break
	od
}
