"""Operations on inodes: references, the last link, eviction, umount. Form: see `pages`."""

from __future__ import annotations

from wbviz.kernel.pages import Args, Done
from wbviz.kernel.reasons import Rule
from wbviz.kernel.state import FREEING, GONE, LIVE, Broken, Inode, State, World, with_inode, with_page


def touch(world: World, state: State, number: int) -> Inode:
    """The inode, or `Broken` once it has been evicted."""
    inode = state.inodes[number]
    if inode.state == GONE:
        raise Broken(
            Rule.INODE_GONE,
            f"inode {world.inode_names[number]} is gone: it was evicted, and its memory may be anybody's",
        )
    return inode


def do_igrab(world: World, state: State, task: int, args: Args) -> Done:
    """Take a reference: True; False where the inode is being freed."""
    inode = touch(world, state, args[0])
    if inode.state == FREEING:
        return state, False
    return with_inode(state, args[0], inode._replace(refs=inode.refs + 1)), True


def do_igrab_live(world: World, state: State, task: int, args: Args) -> Done:
    """As `do_igrab`, for the flusher's own list of inodes: False for one that is gone as well."""
    if state.inodes[args[0]].state != LIVE:
        return state, False
    return do_igrab(world, state, task, args)


def do_iput(world: World, state: State, task: int, args: Args) -> Done:
    """Drop a reference. Whoever drops the last one of a file without a name has to take the file apart.

    The result is True there: the caller evicts the inode now.
    """
    inode = touch(world, state, args[0])
    if not inode.refs:
        raise Broken(
            Rule.NO_REFERENCE, f"inode {world.inode_names[args[0]]} has no reference to drop: iput without its igrab"
        )
    left = inode._replace(refs=inode.refs - 1)
    if left.refs or left.linked:
        return with_inode(state, args[0], left), False
    return with_inode(state, args[0], left._replace(state=FREEING)), True


def do_unlink(world: World, state: State, task: int, args: Args) -> Done:
    """Remove the last name of the file."""
    return with_inode(state, args[0], state.inodes[args[0]]._replace(linked=False)), None


def do_gone(world: World, state: State, task: int, args: Args) -> Done:
    """The end of an eviction: all pages are detached."""
    return with_inode(state, args[0], state.inodes[args[0]]._replace(state=GONE)), None


def do_umount(world: World, state: State, task: int, args: Args) -> Done:
    """After the sync, no inode may be referenced, not even by a call in progress."""
    for number, inode in enumerate(state.inodes):
        if inode.refs:
            references = "a reference" if inode.refs == 1 else f"{inode.refs} references"
            raise Broken(Rule.BUSY, f"busy inodes after umount: {references} to {world.inode_names[number]} left")
    return state, None


def do_find_get_page(world: World, state: State, task: int, args: Args) -> Done:
    """The page at an index, pinned; None where the file has no such page."""
    touch(world, state, args[0])
    number = world.page_at(args[0], args[1])
    if number is None or not state.pages[number].attached:
        return state, None
    page = state.pages[number]
    return with_page(state, number, page._replace(pins=page.pins + 1)), ("page", number)
