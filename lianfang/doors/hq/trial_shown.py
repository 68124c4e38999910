"""The numbers of the last seven days beside a draft that somebody is to approve: as kept with it, or counted now if quickly."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from lianfang.doors.hq.draft_shown import Draft
from lianfang.doors.hq.trying import sentence
from lianfang.journeys.trials import Trial, kept_trial, try_draft
from lianfang.journeys.trying import TrialTooLong
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import Forbidden
from lianfang.screening.drafts import RulesStanding

AT_ONCE = timedelta(seconds=4)  # a page is not kept waiting longer; whoever wants the numbers asks for them


@dataclass(frozen=True, slots=True)
class TrialShown:
    """`sentence` says what would change, for how many, in how many townships."""

    sentence: str
    people: int
    different: int
    counted_at: datetime

    @classmethod
    def of(cls, trial: Trial) -> "TrialShown":
        return cls(sentence(trial.changes), trial.people, trial.different, trial.counted_at)


def trial_shown(by: Reach, draft: Draft, stands: RulesStanding) -> TrialShown | None:
    """None when there are none yet. Of a decided draft, what was kept: nothing is counted for it any more."""
    trial = kept_trial(draft.line.trial)
    if draft.line.state not in ("DRAFT", "PROPOSED"):
        return TrialShown.of(trial) if trial else None
    content = draft.compiled.content
    if content is None:
        return None
    if trial is None or not trial.is_of(content, stands.rule_set, lapsed=stands.lapsed):
        trial = _counted(by, draft)
    return TrialShown.of(trial) if trial else None


def _counted(by: Reach, draft: Draft) -> Trial | None:
    content = draft.compiled.content or {}
    try:
        with reach(by) as seen:
            found = try_draft(seen, content, 7, draft.at, draft=draft.line.id, patience=AT_ONCE)
    except (TrialTooLong, Forbidden):  # it takes too long, or is another county's to know
        return None
    against = found.in_force
    return Trial(
        found.rule_set, against.rule_set.hash, against.lapsed, found.people, found.different, found.changes, draft.at
    )  # fmt: skip
