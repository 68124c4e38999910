"""Counting every cell anew from the records, in the quarter-hours of the folds that are remembered; facts for
re-screening are laid anew from them as well.

Needed after a restore into another cluster, whose transaction numbers begin lower, and when cells were lost. What was
answered as final stays as it was: which transactions belong to which quarter-hour is not counted, it is kept.
"""

from collections.abc import Callable

from django.db import connections

from lianfang.journeys.rescreening.laying import lay_anew
from lianfang.kernel.reach import Reach, reach
from lianfang.referrals.models import ReferralPosition
from lianfang.screening.models import ScreeningPosition
from lianfang.situation.clerk import count_tables, settle
from lianfang.situation.fold import fold
from lianfang.situation.models import ClerkPosition, Fold, FoldPosition


def raise_transaction_numbers() -> int:
    """Makes this cluster's numbers begin above all that are stored. Answers by how much; 0 where they are high enough.

    Asked of the owner's connection, since it replaces two functions.
    """
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT next FROM lianfang_tx_bounds()")
        read = [
            model.objects.get(pk=1).next_tx for model in (FoldPosition, ScreeningPosition, ReferralPosition)
        ]
        if cursor.fetchone()[0] >= max(read):
            return 0
        cursor.execute("SELECT lianfang_raise_tx()")
        return int(cursor.fetchone()[0])


def rebuild(worker: Reach, *, progress: Callable[[int, int], None] = lambda done, all_: None) -> None:
    """Until it is done screens say that the figures are being counted. Told after each step: folds done, of how many.

    A worker that runs meanwhile takes turns with this; an interrupted rebuild goes on with the next fold.
    """
    with reach(worker):
        FoldPosition.objects.filter(pk=1).update(cubes="")
    folds = Fold.objects.count()
    while fold(worker).behind:
        progress(_done(FoldPosition.objects.get(pk=1).next_tx), 2 * folds)
    while count_tables(worker):
        progress(folds + _done(ClerkPosition.objects.get(pk=1).next_tx), 2 * folds)
    while settle(worker):
        continue
    lay_anew(worker)


def _done(next_tx: int) -> int:
    return Fold.objects.filter(tx_to__lte=next_tx).count()
