from lianfang.bench.storm import right_answers

PERSON = {"id": "p", "status": "ACCEPTED", "flags": [], "measures": [{"kind": "REGISTER"}]}
ACCEPTED = {
    "id": "a",
    "status": "ACCEPTED",
    "flags": [],
    "received_at": "2020-02-13T06:30:00Z",
    "people": [PERSON],
}
DUPLICATE = {**ACCEPTED, "status": "DUPLICATE", "people": [{**PERSON, "status": "DUPLICATE"}]}


def test_one_accepted_and_the_rest_duplicates_of_it_are_all_right() -> None:
    assert right_answers([DUPLICATE, ACCEPTED, *[DUPLICATE] * 14]) == 16


def test_a_second_acceptance_is_wrong() -> None:
    assert right_answers([ACCEPTED, ACCEPTED, DUPLICATE]) == 2


def test_no_acceptance_at_all_leaves_nothing_right() -> None:
    assert right_answers([DUPLICATE] * 16) == 0


def test_a_conflict_a_missing_answer_and_another_receipt_are_wrong() -> None:
    other = {**DUPLICATE, "received_at": "2020-02-13T06:30:01Z"}
    assert right_answers([ACCEPTED, DUPLICATE, {**ACCEPTED, "status": "CONFLICT"}, None, other]) == 2


def test_a_person_whose_status_differs_from_the_passage_is_wrong() -> None:
    assert right_answers([ACCEPTED, {**DUPLICATE, "people": [PERSON]}]) == 1
