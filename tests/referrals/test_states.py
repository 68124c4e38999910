"""Which answer leads where: what stays open until somebody has found the person."""

import pytest

from lianfang.referrals.states import ANSWERS, ARROWS, OPEN, Kind, ReferralState, leads_to


@pytest.mark.parametrize(
    "state", [ReferralState.SENT, ReferralState.ACCEPTED, ReferralState.NOT_HERE, ReferralState.WRONG_ADDRESS]
)
@pytest.mark.parametrize("answer", ANSWERS)
def test_at_the_door_everything_can_be_answered_while_he_is_looked_for(
    state: ReferralState, answer: Kind
) -> None:
    assert leads_to(state, answer) == ReferralState(answer)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("state", [ReferralState.MOVED_ON, ReferralState.WITHDRAWN])
def test_nothing_is_done_about_whoever_went_on(state: ReferralState, kind: Kind) -> None:
    assert leads_to(state, kind) is None


def test_whoever_is_taken_over_is_not_taken_over_again() -> None:
    assert leads_to("SENT", "ACCEPTED") == ReferralState.ACCEPTED
    assert leads_to("ACCEPTED", "ACCEPTED") is None
    assert leads_to("ARRIVED", "ACCEPTED") is None


def test_a_call_and_another_measure_leave_the_state_as_it_is() -> None:
    for state in set(ReferralState) - {ReferralState.MOVED_ON, ReferralState.WITHDRAWN}:
        assert leads_to(state, Kind.CALLED) == leads_to(state, Kind.ADDED) == state


def test_every_open_state_can_end() -> None:
    for state in OPEN:
        assert {ReferralState.ARRIVED, ReferralState.ACCEPTED, ReferralState.SENT} & set(
            ARROWS[state].values()
        )
        assert ARROWS[state][Kind.WITHDRAWN] == ReferralState.WITHDRAWN
