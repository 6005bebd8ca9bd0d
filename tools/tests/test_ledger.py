"""What the load takes for a lost update, and what it does not."""

import time

import pytest

from devenv.ledger import Ledger
from devenv.rpc import Lost, Refused

KEY = ("sale.order.line", 1, "qty_to_assemble_to_order")


def write(ledger, value, answer=None):
    with ledger.writing({KEY: value}):
        if answer:
            raise answer
    time.sleep(0.001)


@pytest.fixture
def ledger():
    ledger = Ledger()
    ledger.created({KEY: 1})
    return ledger


def test_last_one_counts(ledger):
    write(ledger, 2)
    write(ledger, 3)
    assert ledger.find_lost({KEY: 3}) == []
    [lost] = ledger.find_lost({KEY: 2})
    assert "is 2 and was acknowledged as 3" in lost
    assert ledger.find_lost({}), "the record has gone"


def test_at_the_same_time_either_counts(ledger):
    with ledger.writing({KEY: 2}), ledger.writing({KEY: 3}):
        pass
    assert ledger.find_lost({KEY: 2}) == ledger.find_lost({KEY: 3}) == []
    assert ledger.find_lost({KEY: 1})


def test_refused_does_not_count(ledger):
    with pytest.raises(Refused):
        write(ledger, 2, Refused())
    assert ledger.find_lost({KEY: 1}) == []
    assert ledger.find_lost({KEY: 2})


def test_without_an_answer_both_count(ledger):
    with pytest.raises(Lost):
        write(ledger, 2, Lost())
    assert ledger.find_lost({KEY: 1}) == ledger.find_lost({KEY: 2}) == []
    write(ledger, 3)
    assert ledger.find_lost({KEY: 1}), "overwritten by what was acknowledged"


def test_nothing_known(ledger):
    """Without any answer, what was there before may be there still."""
    other = ("stock.picking", 1, "state")
    with pytest.raises(Lost), ledger.writing({other: "done"}):
        raise Lost()
    assert ledger.find_lost({KEY: 1, other: "assigned"}) == []


def test_others_decide_too(ledger):
    ledger.excuse(KEY)
    assert ledger.find_lost({KEY: 9}) == []
