import pytest

from lianfang.kernel.refusals import Forbidden, NotFound, Refusal


def test_a_refusal_says_what_happened_to_machines_and_to_people_in_two_languages() -> None:
    refusal = Refusal("CODE", "看不懂。", "Cannot be read.")
    assert refusal.as_json() == {"code": "CODE", "zh": "看不懂。", "en": "Cannot be read."}
    assert str(refusal) == "CODE: Cannot be read."


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (Refusal("X", "", ""), 400),
        (Refusal("X", "", "", status=410), 410),
        (NotFound("X", "", ""), 404),
        (Forbidden("X", "", ""), 403),
    ],
)
def test_a_refusal_knows_what_http_answers(refusal: Refusal, status: int) -> None:
    assert refusal.status == status


def test_a_status_given_to_one_refusal_is_not_given_to_the_next() -> None:
    Refusal("X", "", "", status=410)
    assert Refusal("X", "", "").status == 400
