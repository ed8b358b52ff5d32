/* storm, policy write_ahead: reclaimers, writers, one sync and one truncator around one flusher.
   -DPAGES -DKSWAPD -DWORKS -DWRITERS

   Left out, all in Spin's favour: the disk, writeback, pins. A section under one page lock that cannot block is one
   step and takes no lock: it only waits until no writer holds the page. Only writers hold a lock while they wait. */

#define BIT(p) (1 << (p))
#define ALL (BIT(PAGES) - 1)
#define SYNC PAGES
#define LOWEST(mask) ((mask) & -(mask))

byte dirty = ALL;    /* a page that is detached is not dirty */
byte attached = ALL;
byte locked;
bool synced;
chan queue = [KSWAPD * WORKS + 1] of { byte };

active [KSWAPD] proctype kswapd()
{
	byte untaken = ALL, left = WORKS, page;

	do
	:: atomic { left && (dirty & untaken) ->       /* isolate any page that is dirty */
			do
			:: dirty & untaken & BIT(page) -> break
			:: (dirty & untaken) >> (page + 1) -> page++
			od;
			d_step {
				left--;
				untaken = (left -> untaken & ~BIT(page) : 0)
			}
	   }
	   d_step { queue!page; page = 0 }
	:: !(left && (dirty & untaken)) -> break
	od
}

active proctype flusher()
{
	byte page, todo;
	xr queue;

end:	do
	:: atomic {
		queue?page;
		if
		:: page == SYNC ->
			page = 0;
			todo = ALL;
			if
			:: dirty -> goto inode
			:: else -> synced = true; todo = 0; goto end
			fi
		:: else ->
			!(locked & BIT(page));              /* execute: write the page, look for the next */
			d_step {
				if
				:: attached & BIT(page) ->
					dirty = dirty & ~BIT(page);
					page = (attached & BIT(page + 1) -> page + 1 : PAGES)
				:: else -> page = PAGES
				fi
			}
			if
			:: page == PAGES -> page = 0; goto end
			:: else -> goto ahead
			fi
		fi
	   }
inode:	   atomic {                                     /* a sync work: one page after another, ascending */
		!(LOWEST(dirty & todo) & locked);
		d_step {
			page = LOWEST(dirty & todo);
			dirty = dirty & ~page;
			todo = todo & ~(page | (page - 1)); /* those above it */
			page = 0
		}
		if
		:: dirty & todo -> goto inode
		:: else -> synced = true; todo = 0; goto end
		fi
	   }
ahead:	   atomic {
		!(locked & BIT(page));
		d_step { dirty = dirty & ~BIT(page); page = 0 }
	   }
	od
}

active [WRITERS] proctype writer()
{
	byte todo = ALL, held, page;

	do
	:: atomic {
		!(LOWEST(attached & todo) & locked);
		d_step {
			page = LOWEST(attached & todo);
			locked = locked | page;
			held = held | page;
			todo = todo & ~(page | (page - 1));
			page = 0
		}
		if
		:: attached & todo
		:: else -> d_step { dirty = dirty & ~held; locked = locked & ~held; held = 0; todo = 0 } break
		fi
	   }
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

	do
	:: page < PAGES ->
		d_step {
			!(locked & BIT(page));
			attached = attached & ~BIT(page);
			dirty = dirty & ~BIT(page);
			page++
		}
	:: else -> break
	od
}
