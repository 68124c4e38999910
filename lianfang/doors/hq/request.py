"""A request of a signed-in officer, as `guard.permitted` lets it through."""

from django.http import HttpRequest

from lianfang.kernel.reach import Reach


class OfficerRequest(HttpRequest):
    reach: Reach
