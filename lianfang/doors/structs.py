"""JSON bodies read into structs, and structs as answers."""

from typing import TypeVar

import msgspec
from django.http import HttpRequest, HttpResponse
from msgspec import Struct

from lianfang.kernel.refusals import Refusal

Shape = TypeVar("Shape", bound=Struct)


def asked(request: HttpRequest, shape: type[Shape], *, longest: int) -> Shape:
    """The body as the shape; refused when it is longer, no JSON, or says something else. The reason names a field only."""
    if len(request.body) > longest:
        raise Refusal("TOO_LONG", "内容太长。", "This is too long.", status=413)
    try:
        return msgspec.json.decode(request.body, type=shape)
    except msgspec.ValidationError as error:
        field = str(error).rpartition("`$.")[2].rstrip("`")
        raise Refusal("UNREADABLE", f"内容无法识别：{field}", f"This cannot be read: {field}") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refusal("NOT_JSON", "请求不是 JSON 对象。", "The request is not a JSON object.") from None


def answered(answer: Struct, *, status: int = 200) -> HttpResponse:
    return HttpResponse(msgspec.json.encode(answer), content_type="application/json", status=status)
