from dataclasses import replace

from lianfang.bench.figures import Paired, Results, bars, figures, report, wrong
from tests.bench.conftest import MakeRound


def missed(results: Results) -> list[str]:
    return [bar.name.strip() for bar in bars(figures(results)) if not bar.reached]


def test_the_last_line_has_the_keys_others_read(results: Results) -> None:
    found = figures(results)
    assert found["singles_per_s_32"] == 1000
    assert found["singles_p99_ms_32"] == 9.0
    assert found["singles_cpu_us"] == 300
    assert found["minimal_insert_per_s"] == 4000
    assert found["singles_ratio"] == 0.25
    assert found["share_of_empty_263k"] == 1.0
    assert (found["batch_people_per_s"], found["copy_people_per_s"], found["batch_ratio"]) == (
        20_000,
        50_000,
        0.4,
    )
    assert found["connections_256"] == {"statuses": {"200": 1000}, "p99_ms": 40.0, "lost": 0}
    assert (found["storm_successes"], found["storm_rows"]) == (320, 20)
    assert (found["kills"], found["lost_after_kill"]) == (40, 0)
    assert list(found["singles"]) == ["1", "8", "32", "256"]
    assert found["singles"]["32"]["cpu_us"] == {
        "server": 200,
        "postgresql": 100,
        "postgresql_intake": 60,
        "postgresql_fold": 30,
        "worker": 10,
        "client": 30,
    }


def test_a_ratio_is_the_median_of_rounds_each_held_against_its_own_limit(
    results: Results, make_round: MakeRound
) -> None:
    quiet, busy = Paired(make_round(requests=1000), 4000.0), Paired(make_round(requests=300), 1000.0)
    found = figures(replace(results, empty=[quiet, busy, busy]))
    assert found["singles_ratio"] == 0.3


def test_the_share_of_empty_is_corrected_by_the_limits_beside_both(
    results: Results, make_round: MakeRound
) -> None:
    slower_machine = Paired(make_round(requests=450), 2000.0)
    assert figures(replace(results, present=[slower_machine]))["share_of_empty_263k"] == 0.9


def test_a_good_run_reaches_every_bar(results: Results) -> None:
    assert missed(results) == []
    assert not wrong(figures(results))


def test_a_slow_run_misses_bars_but_is_not_wrong(results: Results, make_round: MakeRound) -> None:
    slow = [Paired(make_round(requests=100, p99_ms=120.0), 4000.0)]
    found = replace(results, empty=slow, batches=[Paired(make_round(people=1000), 50_000.0)])
    assert missed(found) == [
        "singles at 32 ÷ single-row inserts",
        "p99 of singles at 32",
        "batches of 100 ÷ COPY",
    ]
    assert not wrong(figures(found))


def test_a_lost_record_is_wrong_wherever_it_was_lost(results: Results) -> None:
    assert wrong(figures(replace(results, lost=1)))
    assert wrong(figures(replace(results, lost_at_256=1)))
    assert wrong(figures(replace(results, kills=results.kills._replace(lost=1))))


def test_a_wrong_answer_in_the_storm_is_wrong(results: Results) -> None:
    assert wrong(figures(replace(results, storm=results.storm._replace(successes=319))))
    assert wrong(figures(replace(results, storm=results.storm._replace(rows=21))))


def test_any_other_answer_than_200_and_503_misses_the_bar(results: Results, make_round: MakeRound) -> None:
    busy = make_round(statuses={"200": 900, "503": 100})
    assert missed(replace(results, singles={**results.singles, 256: [busy]})) == []
    rude = make_round(statuses={"200": 900, "503 without Retry-After": 100})
    assert missed(replace(results, singles={**results.singles, 256: [rude]})) == ["256 connections: answers"]


def test_the_table_shows_every_measurement_and_every_bar(results: Results) -> None:
    said = report(figures(results))
    for part in (
        "1 connections",
        "256 connections",
        "32, 263,239 people",
        "8, batches of 100",
        "≥ 0.22",
        "320 / 20",
    ):
        assert part in said
    assert "✗" not in said
