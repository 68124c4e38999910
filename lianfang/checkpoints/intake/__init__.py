"""The intake: from a parcel's bytes to durable rows and receipts. The one hot path of the house.

`shapes` what phones send · `reading` bytes to shapes, record by record · `passages`, `people`, `corrections` shapes to `rows` · `writer` requests
that arrive together are committed together · `receipts` the answers.
"""
