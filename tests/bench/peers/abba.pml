/* abba: reclaim wants the middle page, a writer locks the whole range upwards.
   -DPAGES and -DWRITEAROUND (the neighbours too, the wanted page's lock held) or not (write_ahead). */

#define BIT(p) (1 << (p))
#define ALL (BIT(PAGES) - 1)
#define WANTED (PAGES / 2)
#define WRITE(p) atomic { !(locked & BIT(p)) -> dirty = dirty & ~BIT(p) }
#define INSIDE(p) ((p) >= 0 && (p) < PAGES)

byte dirty = ALL, locked;
chan queue = [1] of { byte };

active proctype kswapd()
{
	if
	:: dirty & BIT(WANTED) -> queue!WANTED
	:: else
	fi
}

active proctype flusher()
{
	short page;
	xr queue;

end:	do
	:: queue?page ->
#ifdef WRITEAROUND
		atomic { !(locked & BIT(page)) -> locked = locked | BIT(page) }
		if
		:: INSIDE(page - 1) -> WRITE(page - 1)
		:: else
		fi;
		dirty = dirty & ~BIT(page);
		if
		:: INSIDE(page + 1) -> WRITE(page + 1)
		:: else
		fi;
		locked = locked & ~BIT(page);
#else
		WRITE(page);
		if
		:: INSIDE(page + 1) -> WRITE(page + 1)
		:: else
		fi;
#endif
		page = 0
	od
}

active proctype writer()
{
	byte page;

	do
	:: page < PAGES -> atomic { !(locked & BIT(page)) -> locked = locked | BIT(page); page++ }
	:: page == PAGES -> break
	od;
	atomic { dirty = 0; locked = 0 }    /* it holds every page */
}
