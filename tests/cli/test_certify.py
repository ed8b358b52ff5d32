"""`python -m wbviz certify`, and what a certificate adds to a check."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from wbviz.certify.findings import Obligation

Run = Callable[..., tuple[int, str, str]]
CERTIFIED, REFUSED, UNUSABLE = 0, 1, 3


def test_a_certificate_says_where_it_holds_and_what_voids_it(run: Run) -> None:
    status, out, _ = run("certify", "pin_then_lock")
    assert status == CERTIFIED
    assert out.startswith("pin_then_lock: certified, safe at every size\n")
    assert "single, cluster and cluster-try" in out
    assert out.count("kept") == len(Obligation)
    assert "void beside:" in out


def test_where_it_does_not_hold_is_told_first(run: Run) -> None:
    status, out, _ = run("certify", "igrab_at_enqueue")
    assert status == CERTIFIED
    assert "not beside unlink and umount: see below" in out
    status, out, _ = run("certify", "trylock_around")
    assert status == CERTIFIED
    assert "not on cluster: see below" in out


def test_a_refusal_names_line_knowledge_cure_and_chapter(run: Run) -> None:
    status, out, _ = run("certify", "no_recheck")
    assert status == REFUSED
    assert "write, line 20: the wanted page may have been truncated when it is written" in out
    assert "20 |     yield mm.writepage(page)" in out
    assert "not known: whether it is in its file or dirty" in out
    assert "if page.mapping is not None and page.dirty:" in out
    assert "book/lifetimes.md" in out


def test_what_is_no_policy_is_unusable(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "policy.py"
    file.write_text("def enqueue(mm, page):\n    return True\n")
    status, out, _ = run("certify", str(file))
    assert status == UNUSABLE
    assert "execute" in out
    assert run("certify", "nobody")[0] == UNUSABLE


def test_as_json(run: Run) -> None:
    status, out, _ = run("certify", "writearound", "--json")
    data = json.loads(out)
    assert status == REFUSED
    assert data["certified"] is False
    assert data["obligations"]["order"] == "fails"
    finding = data["findings"][0]
    assert (finding["kind"], finding["line"], finding["page"], finding["other"]) == ("sleeps-downwards", 33, -1, 0)
    assert all(set(line["facts"]) in ({"kept", "locked", "attached", "dirty", "idle"}, set()) for line in data["lines"])


@pytest.mark.parametrize(
    ("policy", "scenario", "said"),
    [
        ("pin_then_lock", "abba", "and at every size: certificate"),
        ("igrab_at_enqueue", "truncated", "and at every size: certificate"),
        ("writearound", "abba", "line 33: it sleeps for"),
        ("leaky", "full-queue", "line 9: enqueue may end with a pin"),
        ("igrab_at_enqueue", "umount", "line 13: a reference of the inode"),
        ("trylock_around", "piggyback", "line 41: the page before"),
        ("requeue_if_locked", "contended", "line 19: a work puts itself back"),
    ],
)
def test_a_check_says_in_its_second_line_what_the_certificate_says(
    run: Run, policy: str, scenario: str, said: str
) -> None:
    _, out, _ = run("check", policy, "--scenario", scenario)
    assert out.splitlines()[1].strip().startswith(said)


@pytest.mark.parametrize(("policy", "scenario"), [("igrab_at_enqueue", "umount"), ("trylock_around", "piggyback")])
def test_no_check_claims_a_certificate_for_what_it_does_not_cover(run: Run, policy: str, scenario: str) -> None:
    assert "certificate" not in run("check", policy, "--scenario", scenario)[1]


def test_a_check_that_did_not_cover_everything_is_helped_out(run: Run) -> None:
    status, out, _ = run("check", "pin_then_lock", "--scenario", "storm", "--max-states", "20")
    assert status == 2
    assert "at every size: certificate" in out
