"""A certificate for every size is for policies that use positions relatively, and shows that they do."""

import pytest

from tests.grade import policies as p
from tests.grade.policies import edit, plain
from wbviz.certify.box import Box, Reason, Split
from wbviz.certify.certify import SMALL, certify
from wbviz.certify.relative import is_relative
from wbviz.certify.result import Certificate, Refusals
from wbviz.policy.load import policy_from_text

IF = "    if page.mapping is not None and page.dirty:\n"


def found(text: str) -> Certificate | Refusals:
    return certify(policy_from_text(text))


@pytest.mark.parametrize(
    "condition",
    [
        *("page.index % 2 == 0", "page.index * 2 > 6", "page.index // 2 == 1", "page.index in {1, 2}"),
        *("str(page.index) == '100'", "f'{page.index}' == '100'", "hash(page) == 200", "repr(page) == '<page 100>'"),
        *("page.index is 100", "type(page.index) is int", "isinstance(page.index, int)", "[0, 1, 2][page.index:]"),
        *(
            "page.index == 100",
            "page.index > 1000",
            "page.mapping.nr_pages < 100",
            "page.index < page.mapping.nr_pages // 2",
        ),
        *("len({page, page}) == 1", "page.index * page.index > 7", "page.index * 1.0 == 7", "-page.index + 100 == 0"),
        *("2 * page.index < page.mapping.nr_pages", "range(page.index)", "sum(range(0, page.mapping.nr_pages)) > 99"),
        *("getattr(page, '_number') == 100", "page._number == 100", "'abc'[page.index:]", "page.index == 5.5"),
        *("{page.index: 1}", "page.index ^ 1", "round(page.index) == 100", "max(page.index, 17) > 17"),
    ],
)
@pytest.mark.filterwarnings("ignore:.*is.*with:SyntaxWarning")
def test_who_asks_for_the_index_itself_gets_no_certificate_for_every_size(condition: str) -> None:
    """Each would leave a page dirty in a large file only; in small files some of them are harmless."""
    text = plain((IF, f"    if page.mapping is not None and ({condition}):\n        page.index\n{IF}"))
    result = found(text)
    if isinstance(result, Certificate):
        assert result.pages == SMALL
        assert result.stop is not None
        assert result.stop.reason in (Reason.POSITION, Reason.TEXT)


@pytest.mark.parametrize(
    "condition",
    [
        *("page.index > 0", "page.index - 1 >= 0", "page.index + 1 < page.mapping.nr_pages", "not page.index"),
        *("page.index == page.mapping.nr_pages - 1", "page.mapping.nr_pages - page.index > 3", "page.index in (0, 1)"),
        *("min(page.index, 3) == 3", "any(index > 2 for index in range(page.index - 1, page.index + 2))", "page.index"),
        *(
            "abs(page.index - 2) == 1",
            "3 <= page.index <= 5",
            "sorted((page.index, 2))[0] == 2",
            "page.index + page.index > 7",
        ),
    ],
)
def test_who_compares_it_with_the_ends_of_the_file_gets_one(condition: str) -> None:
    text = plain((IF, f"    if page.mapping is not None and ({condition}):\n        page.index\n{IF}"))
    result = found(text)
    assert isinstance(result, Certificate)
    assert result.pages is None


@pytest.mark.parametrize(
    "written", ["page.index < 11", "page.index > 0", "page.mapping.nr_pages < 7", "page.index % 2 == 0"]
)
def test_a_mistake_that_shows_in_some_files_only_is_found(written: str) -> None:
    """Nothing is left undone in files of up to eleven pages, at the first page alone, and the like."""
    text = plain((IF, f"    if page.mapping is not None and page.dirty and {written}:\n"))
    result = found(text)
    assert isinstance(result, Refusals)
    assert [finding.kind.value for finding in result.findings] == ["not-written"]


def test_the_whole_rest_of_the_file_is_as_long_as_the_file() -> None:
    text = edit(p.GATHER, ("min(page.index + 4, page.mapping.nr_pages)", "page.mapping.nr_pages"))
    result = found(text)
    assert isinstance(result, Certificate)
    assert (result.pages, result.stop and result.stop.reason) == (SMALL, Reason.POSITION)


def test_the_first_page_of_the_file_is_at_no_certain_distance() -> None:
    (first,) = [one.text for one in p.IDLE if one.why == "the first page of the file is a lock for all of it"]
    result = found(first)
    assert not isinstance(result, Certificate) or result.pages == SMALL


@pytest.mark.parametrize(
    "more",
    [
        "import functools\nCALL = functools.partial\n\n\ndef helper():\n    return CALL\n",
        "SEEN = set()\n\n\ndef helper():\n    return SEEN\n",
        "TABLE = {}\nTABLE['a'] = {1, 2}\n\n\ndef helper():\n    return TABLE\n",
        "TABLE = {}\nTABLE.update(a=frozenset((1, 2)))\n\n\ndef helper():\n    return TABLE\n",
        "class Odd(int):\n    pass\n\n\ndef helper():\n    return Odd\n",
        "def helper():\n    return {1: 2}.keys() - {}.keys()\n",
        "def helper():\n    return '%s' % enqueue\n",
        "class Odd:\n    pass\n\n\nOdd.kind = type\n\n\ndef helper():\n    return Odd.kind\n",
        "def helper():\n    return enqueue.index % (lambda index=1: helper)(index='%s')\n",
    ],
)
def test_a_text_that_could_hide_something_is_not_relative(more: str) -> None:
    text = more + "\n\n" + plain((p.WAITS, p.WAITS + "    helper()\n"))
    assert not is_relative(text)
    assert is_relative(plain())
    assert is_relative(p.WITH_A_CLASS)


def test_a_box_splits_where_the_files_in_it_differ() -> None:
    box = Box()
    assert box.find(box.index_of(0), 1) == 0
    with pytest.raises(Split) as split:
        box.find(("position", 1, 1, 0), 1)
    last, rest = box.parts(split.value.form) or (None, None)
    assert (last, rest) == (Box(0, True, 0, False), Box(0, True, 1, True))
    assert last is not None
    assert last.find(("position", 1, 1, 0), 1) is None
    assert rest is not None
    assert rest.find(("position", 1, 1, 0), 1) == 1
