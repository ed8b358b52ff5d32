"""What a stack tells of a task: the innermost function that is known decides, with who called it."""

import pytest

from wbviz.trouble.functions import AT_SLEEP, BIT, DOING, HOLDS, LOCK_OF, MUTEX, ONE_AT_A_TIME, WAITS, Doing, Hold, Wait
from wbviz.trouble.reading import Why, reading
from wbviz.trouble.stacks import Dump, Frame, Task
from wbviz.trouble.waits import doing, holds, sleep


def task(functions: str, workqueue: str = "") -> Task:
    """A task by the functions of its stack, the innermost first."""
    frames = tuple(Frame(name.strip("?"), not name.endswith("?")) for name in functions.split())
    return Task("t", 1, workqueue=workqueue, frames=frames, whole=True)


@pytest.mark.parametrize(
    ("functions", "wait", "sure"),
    [
        ("schedule folio_wait_bit_common __folio_lock write_cache_pages", Wait.PAGE_LOCK, True),
        ("schedule folio_wait_bit_common folio_wait_bit folio_wait_writeback x", Wait.PAGE_WRITEBACK, True),
        ("schedule folio_wait_bit_common somebody_else", Wait.PAGE_LOCK, False),
        ("schedule folio_wait_bit_common folio_wait_bit folio_wait_private_2 ceph_write_begin", Wait.REPLY, True),
        ("schedule wait_on_page_bit somebody_else", Wait.PAGE_BIT, False),
        ("schedule wait_on_page_bit truncate_inode_pages_range", Wait.PAGE_BIT, False),
        ("schedule wait_on_page_bit filemap_fdatawait_range", Wait.PAGE_WRITEBACK, True),
        ("sleep_on_page __wait_on_bit_lock __lock_page", Wait.PAGE_LOCK, True),
        ("schedule rwsem_down_write_slowpath down_write ext4_buffered_write_iter", Wait.INODE_LOCK, True),
        ("schedule rwsem_down_read_slowpath down_read do_user_addr_fault", Wait.MMAP_LOCK, True),
        ("schedule __mutex_lock somebody_else", Wait.OTHER_LOCK, True),
        ("schedule start_this_handle jbd2__journal_start", Wait.JOURNAL, True),
        ("io_schedule_timeout balance_dirty_pages", Wait.THROTTLE, True),
        ("schedule __wait_on_freeing_inode find_inode_fast iget_locked", Wait.EVICTION, True),
        ("io_schedule blk_mq_get_tag submit_bio", Wait.BLOCK_IO, True),
        ("schedule reclaim_throttle shrink_node try_to_free_pages", Wait.RECLAIM, True),
        ("schedule? balance_dirty_pages?", Wait.THROTTLE, False),
        ("schedule nobody_knows", Wait.UNKNOWN, False),
        ("", Wait.UNKNOWN, False),
    ],
)
def test_what_a_task_sleeps_for(functions: str, wait: Wait, sure: bool) -> None:
    found = sleep(task(functions))
    assert (found.wait, found.sure) == (wait, sure)


def test_guesses_of_the_unwinder_count_only_where_there_is_nothing_else() -> None:
    assert sleep(task("schedule blk_mq_get_tag? nobody_knows")).wait is Wait.UNKNOWN
    assert doing(task("schedule wb_workfn? nobody_knows")) is Doing.UNKNOWN


def test_a_reclaim_within_a_write_is_reclaim() -> None:
    assert doing(task("schedule shrink_page_list try_to_free_pages generic_perform_write vfs_write")) is Doing.RECLAIM


def test_a_change_of_mode_is_no_truncation() -> None:
    assert doing(task("schedule down_write chmod_common notify_change")) is Doing.UNKNOWN


def test_the_work_queue_tells_a_flusher_whose_stack_is_cut() -> None:
    assert doing(task("schedule __lock_page", "writeback wb_workfn (flush-8:0)")) is Doing.WRITEBACK


@pytest.mark.parametrize(
    ("functions", "held"),
    [
        ("schedule __folio_lock mpage_prepare_extent_to_map ext4_writepages", {Hold.PAGES, Hold.UNSENT}),
        ("schedule __folio_lock write_cache_pages wb_workfn", set()),
        ("schedule __folio_lock truncate_inode_pages_range evict", set()),
        ("schedule folio_wait_writeback truncate_inode_pages_range evict", {Hold.PAGES}),
        ("schedule __folio_lock write_cache_pages fuse_writepages", {Hold.UNSENT}),
        ("schedule __filemap_get_folio generic_perform_write", {Hold.INODE}),
    ],
)
def test_what_it_may_hold_meanwhile(functions: str, held: set[Hold]) -> None:
    assert holds(task(functions)) == held


@pytest.mark.parametrize(
    ("functions", "whys"),
    [
        ("schedule wb_wait_for_completion wb_workfn", [Why.OWN_WORK]),
        ("schedule inode_wait_for_writeback evict iput wb_workfn", [Why.OWN_WORK]),
        ("schedule inode_sleep_on_writeback wb_writeback wb_workfn", []),  # for an fsync that writes this inode
        ("schedule __wait_on_freeing_inode wb_workfn", []),
        ("schedule wb_wait_for_completion sync_inodes_sb sys_sync", []),
    ],
)
def test_a_flusher_that_waits_for_itself(functions: str, whys: list[Why]) -> None:
    assert [cycle.why for cycle in reading(Dump((task(functions),), (), 0, 0)).cycles] == whys


def test_two_that_wait_for_writeback_alone_are_no_cycle() -> None:
    both = (task("schedule folio_wait_writeback truncate_inode_pages_range"),) * 2
    assert reading(Dump(both, (), 0, 0)).cycles == ()


def test_no_function_means_two_waits_and_ways_to_sleep_mean_none() -> None:
    told = [name for functions in WAITS.values() for name in functions]
    assert sorted(told) == sorted(set(told))
    assert not set(told) & (BIT | MUTEX)
    locks = [name for functions in LOCK_OF.values() for name in functions]
    assert sorted(locks) == sorted(set(locks))


def test_exceptions_are_of_what_they_except() -> None:
    assert HOLDS[Hold.PAGES] >= ONE_AT_A_TIME
    assert HOLDS[Hold.PAGES] | HOLDS[Hold.UNSENT] >= AT_SLEEP
    assert set(DOING) == set(Doing) - {Doing.UNKNOWN}
