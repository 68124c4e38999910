"""Observing: whoever a rule puts under observation has an order made from his referral, and the order goes where he goes."""

from lianfang.journeys.observing.ordering import order_all, order_lately, order_when_due

__all__ = ["order_all", "order_lately", "order_when_due"]
