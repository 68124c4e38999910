"""From the barrier to the door: whoever a rule calls for is handed over to where he is headed, and nobody twice."""

from lianfang.journeys.referring.sending import refer, refer_all, refer_when_due

__all__ = ["refer", "refer_all", "refer_when_due"]
