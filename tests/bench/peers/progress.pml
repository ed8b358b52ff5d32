/* The cases where being busy and making progress come apart. The flusher has the work already.
   One of: -DPOLITE -DOWN_RANGE -DCONTENDED -DBUSY_PAGE -DDAEMON_WRITEAROUND -DDAEMON_ORDERED -DSPIN_WHEN_FULL
   -DPROPERTY adds what a person has to ask for: that the wanted page is cleaned and the call returns in the end. */

#define FREE(p) (!(locked & (1 << (p))))
#define LOCK(p) d_step { FREE(p); locked = locked | (1 << (p)) }
#define UNLOCK(p) locked = locked & ~(1 << (p))

byte locked;
bool finished;

#ifdef PROPERTY
ltl finishes { <> finished }
#endif

#ifdef POLITE   /* both sides trylock and back off, one upwards, one downwards */
active proctype flusher()
{
again:	if
	:: LOCK(1)
	:: !FREE(1) -> goto again
	fi;
	if
	:: LOCK(0)
	:: !FREE(0) -> UNLOCK(1); goto again
	fi;
	d_step { locked = 0; finished = true }
}

active proctype polite()
{
again:	if
	:: LOCK(0)
	:: !FREE(0) -> goto again
	fi;
	if
	:: LOCK(1)
	:: !FREE(1) -> UNLOCK(0); goto again
	fi;
	locked = 0
}
#endif

#ifdef OWN_RANGE   /* trylocks a range with the page in it that it holds itself */
active proctype flusher()
{
	LOCK(1);
again:	if
	:: LOCK(0)
	:: !FREE(0) -> goto again
	fi;
	if
	:: LOCK(1)
	:: !FREE(1) -> UNLOCK(0); goto again
	fi;
	d_step { locked = 0; finished = true }
}
#endif

#if defined(CONTENDED) || defined(BUSY_PAGE)   /* trylock on one side: a reader holds the page now and then */
active proctype flusher()
{
	do
	:: d_step { FREE(0) -> finished = true } break
	:: !FREE(0)                                    /* come back later */
	od
}

active proctype reader()
{
#ifdef CONTENDED
	do
	:: LOCK(0); UNLOCK(0)
	od
#else
	LOCK(0);
	UNLOCK(0)
#endif
}
#endif

#if defined(DAEMON_WRITEAROUND) || defined(DAEMON_ORDERED)   /* two tasks that wait, and one that never stops */
byte ended;
bool dirty;
#define FINISH ended++; finished = (ended == 2)

active proctype flusher()
{
#ifdef DAEMON_WRITEAROUND
	LOCK(1);
	LOCK(0);
	d_step { locked = locked & ~3; FINISH }
#else
	d_step { FREE(1); FINISH }
#endif
}

active proctype writer()
{
	LOCK(0);
	LOCK(1);
	d_step { locked = locked & ~3; FINISH }
}

active proctype dirtier()
{
	do
	:: dirty = !dirty
	od
}
#endif

#ifdef SPIN_WHEN_FULL   /* kswapd asks for room again and again, and holds the lock that a sync ahead of it needs */
bool no_room = true;        /* a work is queued behind the sync that the flusher is at */

active proctype kswapd()
{
	LOCK(0);
	do
	:: !no_room -> no_room = true; break
	:: no_room
	od                                             /* the lock goes with the work */
}

active proctype flusher()
{
	d_step { FREE(0) -> no_room = false; finished = true }
}
#endif
