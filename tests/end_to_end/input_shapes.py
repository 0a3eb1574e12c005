"""Records in every container and spelling that they come in: a shape is a function from records to
bytes."""

import base64
import gzip
import json

import small_world
from small_world import line, text

TIME = "2026-01-01T00:00:00"


# Text


def header(records):
    return " ".join(records[0])


def with_header(records):
    return header(records).encode() + b"\n" + text(records)


def header_in_the_middle(records):
    middle = len(records) // 2
    return with_header(records[:middle]) + with_header(records[middle:])


def header_before_each_line(records):
    return b"".join(with_header([record]) for record in records)


def without_a_newline_at_the_end(records):
    return text(records)[:-1]


def carriage_returns(records):
    return with_header(records).replace(b"\n", b"\r\n")


def trailing_spaces(records):
    return with_header(records).replace(b"\n", b"  \n")


def trailing_spaces_and_carriage_returns(records):
    return with_header(records).replace(b"\n", b" \t\r\n")


def blank_lines(records):
    return b"\n\n" + with_header(records).replace(b"\n", b"\n\n") + b"   \n\r\n\t\n"


def byte_order_mark(records):
    return b"\xef\xbb\xbf" + text(records)


def byte_order_mark_before_header(records):
    return b"\xef\xbb\xbf" + with_header(records)


def tabs(records):
    return with_header(records).replace(b" ", b"\t")


def tabs_without_header(records):
    return text(records).replace(b" ", b"\t")


def commas(records):
    return with_header(records).replace(b" ", b",")


def commas_without_header(records):
    return text(records).replace(b" ", b",")


def commas_and_spaces(records):
    return with_header(records).replace(b" ", b", ")


def quoted_csv(records):
    """Athena's: every name and value quoted, names with underscores."""
    rows = [[name.replace("-", "_") for name in records[0]]]
    rows += [list(record.values()) for record in records]
    return "".join(",".join(f'"{each}"' for each in row) + "\n" for row in rows).encode()


def quoted_csv_with_nothing_for_missing(records):
    """Athena's again: a null is nothing between two commas."""
    return quoted_csv(records).replace(b'"-"', b"")


def quoted_csv_with_empty_text_for_missing(records):
    return quoted_csv(records).replace(b'"-"', b'""')


def quoted_csv_with_carriage_returns(records):
    return quoted_csv(records).replace(b"\n", b"\r\n")


def quoted_tabs(records):
    return quoted_csv(records).replace(b'","', b'"\t"')


def quoted_spaces(records):
    return quoted_csv(records).replace(b'","', b'" "')


def header_in_capitals(records):
    return header(records).upper().encode() + b"\n" + text(records)


def header_with_underscores(records):
    return header(records).replace("-", "_").encode() + b"\n" + text(records)


def header_with_underscores_and_capitals(records):
    return header(records).replace("-", "_").title().encode() + b"\n" + text(records)


def header_in_camel_case(records):
    return (
        ",".join(map(camel_case, records[0])).encode() + b"\n" + text(records).replace(b" ", b",")
    )


# Text with something before each line


def time_before_each_line(start: str):
    def build(records):
        return "".join(f"{start} {line(record)}\n" for record in records).encode()

    return build


def time_and_stream_before_each_line(records):
    return "".join(
        f"{TIME}.123000+00:00 {record['interface-id']}-all {line(record)}\n" for record in records
    ).encode()


def console_csv(records):
    return b"timestamp,message\n" + b"".join(
        f"1767225600000,{line(record)}\n".encode() for record in records
    )


def console_csv_quoted(records):
    return b'"timestamp","message"\n' + b"".join(
        f'"1767225600000","{line(record)}"\n'.encode() for record in records
    )


def console_csv_with_newlines_in_quotes(records):
    """An event's message may end in a newline of its own."""
    return b"timestamp,message\n" + b"".join(
        f'1767225600000,"{line(record)}\n"\n'.encode() for record in records
    )


def console_csv_with_written_time(records):
    return b"timestamp,message\n" + b"".join(
        f"{TIME}.000Z,{line(record)}\n".encode() for record in records
    )


# Compression


def gzip_of_one_member(records):
    return gzip.compress(text(records), mtime=0)


def gzip_of_many_members(records):
    return b"".join(gzip.compress(text([record]), mtime=0) for record in records)


def gzip_members_that_cut_lines(records):
    content = text(records)
    return b"".join(
        gzip.compress(content[start : start + 333], mtime=0)
        for start in range(0, len(content), 333)
    )


def gzip_members_with_headers(records):
    middle = len(records) // 2
    parts = (with_header(records[:middle]), with_header(records[middle:]))
    return b"".join(gzip.compress(part, mtime=0) for part in parts)


def gzip_with_a_name_and_an_empty_member(records):
    named = bytearray(gzip.compress(text(records), mtime=0))
    named[3] |= 8  # FNAME
    named[10:10] = b"records.log\0"
    return gzip.compress(b"", mtime=0) + bytes(named) + gzip.compress(b"", mtime=0)


def gzip_with_padding_behind(records):
    return gzip.compress(text(records), mtime=0) + bytes(512)


# JSON around a line


def messages(between: str):
    def build(records):
        return between.join(json.dumps({"message": line(record)}) for record in records).encode()

    return build


def message_array(records):
    return json.dumps([{"message": line(record)} for record in records], indent=1).encode()


def messages_with_more_keys(records):
    return "\n".join(
        json.dumps({"time": {"at": [1, None]}, "message": line(record) + "\n", "source": 'a"b'})
        for record in records
    ).encode()


def envelope(records, kind="DATA_MESSAGE"):
    events = [
        {
            "id": f"{number:056}",
            "timestamp": 1767225600000,
            "message": line(record),
            "extractedFields": {"srcaddr": "not this one"},
        }
        for number, record in enumerate(records)
    ]
    return {
        "messageType": kind,
        "owner": "111122223333",
        "logGroup": "flow-logs",
        "logStream": f"{small_world.WEB}-all",
        "subscriptionFilters": ["all"],
        "logEvents": events,
    }


CONTROL = {
    "messageType": "CONTROL_MESSAGE",
    "owner": "CloudwatchLogs",
    "logGroup": "",
    "logStream": "",
    "subscriptionFilters": [],
    "logEvents": [
        {
            "id": "",
            "timestamp": 1767225600000,
            "message": "CWL CONTROL MESSAGE: Checking health of destination Firehose.",
        }
    ],
}


def halves(records):
    middle = len(records) // 2
    return [envelope(records[:middle]), CONTROL, envelope(records[middle:])]


def zipped(value) -> bytes:
    return gzip.compress(json.dumps(value).encode(), mtime=0)


def one_envelope(records):
    return json.dumps(envelope(records)).encode()


def one_pretty_envelope(records):
    return json.dumps(envelope(records), indent=4).encode() + b"\n"


def envelope_with_kind_last(records):
    """JSON objects have no order: the kind may be known only after the events."""
    return json.dumps(dict(reversed(envelope(records).items()))).encode()


def envelopes(between: bytes):
    def build(records):
        return between.join(json.dumps(each).encode() for each in halves(records))

    return build


def gzipped_envelopes(records):
    return b"".join(zipped(each) for each in halves(records))


def base64_envelope(records):
    return base64.b64encode(zipped(envelope(records)))


def base64_envelope_in_short_lines(records):
    return base64.encodebytes(zipped(envelope(records)))


def base64_envelopes(between: bytes):
    def build(records):
        return between.join(base64.b64encode(zipped(each)) for each in halves(records))

    return build


def filtered_event(record):
    return {
        "logStreamName": f"{record['interface-id']}-all",
        "timestamp": 1767225600000,
        "message": line(record),
        "ingestionTime": 1767225601000,
        "eventId": "1",
    }


def filter_log_events(records):
    events = [filtered_event(record) for record in records]
    return json.dumps({"events": events, "searchedLogStreams": []}, indent=4).encode()


def filter_log_events_in_pages(records):
    middle = len(records) // 2
    pages = [
        {"events": [filtered_event(record) for record in part], "nextToken": "x"}
        for part in (records[:middle], [], records[middle:])
    ]
    return "\n".join(json.dumps(page, indent=4) for page in pages).encode()


def get_log_events(records):
    events = [{"timestamp": 1, "message": line(record), "ingestionTime": 2} for record in records]
    return json.dumps(
        {"events": events, "nextForwardToken": "f/1", "nextBackwardToken": "b/1"}
    ).encode()


# Whole Lambda events


def firehose_event(payloads):
    return json.dumps(
        {
            "invocationId": "f8a0d8b5-0000-4000-8000-000000000001",
            "deliveryStreamArn": "arn:aws:firehose:eu-west-1:111122223333:deliverystream/flow",
            "region": "eu-west-1",
            "records": [
                {
                    "recordId": f"{number:056}",
                    "approximateArrivalTimestamp": 1767225600000,
                    "data": base64.b64encode(payload).decode(),
                }
                for number, payload in enumerate(payloads)
            ],
        }
    ).encode()


def firehose_messages(records):
    return firehose_event(json.dumps({"message": line(record)}).encode() for record in records)


def firehose_lines(records):
    return firehose_event(line(record).encode() for record in records)


def firehose_several_lines_in_a_record(records):
    middle = len(records) // 2
    return firehose_event([text(records[:middle]), text(records[middle:])])


def firehose_envelopes(records):
    return firehose_event(map(zipped, halves(records)))


def firehose_mixture(records):
    return firehose_event(
        [
            line(records[0]).encode(),
            zipped(CONTROL),
            zipped(envelope(records[1:3])),
            text(records[3:]),
        ]
    )


def two_firehose_events(records):
    middle = len(records) // 2
    return firehose_messages(records[:middle]) + b"\n" + firehose_messages(records[middle:])


def cloudwatch_lambda_event(records):
    data = base64.b64encode(zipped(envelope(records))).decode()
    return json.dumps({"awslogs": {"data": data}}, indent=2).encode()


# Records as JSON objects


def camel_case(name: str) -> str:
    first, *rest = name.replace("addr", "-addr").replace("port", "-port").strip("-").split("-")
    return first + "".join(word.capitalize() for word in rest)


def underscored(name: str) -> str:
    return name.replace("-", "_")


def insights_name(name: str) -> str:
    """What Logs Insights discovers: start and end are called startTime and endTime there."""
    return {"start": "startTime", "end": "endTime"}.get(name, camel_case(name))


def as_it_is(name: str) -> str:
    return name


def objects(naming=as_it_is, missing="-", numbers=False, account_numbers=False, pack="lines"):
    def value(name, logged):
        if logged == "-":
            return missing
        if name == "account-id":
            return int(logged) if account_numbers and logged.isdigit() else logged
        return int(logged) if numbers and logged.isdigit() else logged

    def build(records):
        made = [
            {naming(name): value(name, logged) for name, logged in record.items()}
            for record in records
        ]
        if pack == "array":
            return json.dumps(made).encode()
        if pack == "pretty array":
            return json.dumps(made, indent=2).encode() + b"\n"
        if pack == "end to end":
            return "".join(json.dumps(each) for each in made).encode()
        return "".join(json.dumps(each) + "\n" for each in made).encode()

    return build


SHAPES = {
    "plain": text,
    "no-newline-at-the-end": without_a_newline_at_the_end,
    "header": with_header,
    "header-in-the-middle": header_in_the_middle,
    "header-before-each-line": header_before_each_line,
    "carriage-returns": carriage_returns,
    "trailing-spaces": trailing_spaces,
    "trailing-spaces-and-carriage-returns": trailing_spaces_and_carriage_returns,
    "blank-lines": blank_lines,
    "byte-order-mark": byte_order_mark,
    "byte-order-mark-before-header": byte_order_mark_before_header,
    "tabs": tabs,
    "tabs-without-header": tabs_without_header,
    "commas": commas,
    "commas-without-header": commas_without_header,
    "commas-and-spaces": commas_and_spaces,
    "quoted-csv": quoted_csv,
    "quoted-csv-nothing-for-missing": quoted_csv_with_nothing_for_missing,
    "quoted-csv-empty-text-for-missing": quoted_csv_with_empty_text_for_missing,
    "quoted-csv-carriage-returns": quoted_csv_with_carriage_returns,
    "quoted-tabs": quoted_tabs,
    "quoted-spaces": quoted_spaces,
    "header-in-capitals": header_in_capitals,
    "header-with-underscores": header_with_underscores,
    "header-with-underscores-and-capitals": header_with_underscores_and_capitals,
    "header-in-camel-case": header_in_camel_case,
    "time-before-each-line-as-exported": time_before_each_line(f"{TIME}.000Z"),
    "time-before-each-line-with-offset": time_before_each_line(f"{TIME}+00:00"),
    "time-before-each-line-short": time_before_each_line(TIME),
    "time-and-stream-before-each-line": time_and_stream_before_each_line,
    "console-csv": console_csv,
    "console-csv-quoted": console_csv_quoted,
    "console-csv-newlines-in-quotes": console_csv_with_newlines_in_quotes,
    "console-csv-written-time": console_csv_with_written_time,
    "gzip-one-member": gzip_of_one_member,
    "gzip-many-members": gzip_of_many_members,
    "gzip-members-cut-lines": gzip_members_that_cut_lines,
    "gzip-members-with-headers": gzip_members_with_headers,
    "gzip-name-and-empty-member": gzip_with_a_name_and_an_empty_member,
    "gzip-padding-behind": gzip_with_padding_behind,
    "messages-newline": messages("\n"),
    "messages-carriage-return": messages("\r\n"),
    "messages-nothing-between": messages(""),
    "messages-comma": messages(","),
    "messages-comma-newline": messages(",\n"),
    "message-array": message_array,
    "messages-with-more-keys": messages_with_more_keys,
    "messages-gzip": lambda records: gzip.compress(messages("")(records), mtime=0),
    "envelope": one_envelope,
    "envelope-pretty": one_pretty_envelope,
    "envelope-kind-last": envelope_with_kind_last,
    "envelope-gzip": lambda records: zipped(envelope(records)),
    "envelope-base64": base64_envelope,
    "envelope-base64-short-lines": base64_envelope_in_short_lines,
    "envelopes-end-to-end": envelopes(b""),
    "envelopes-newline": envelopes(b"\n"),
    "envelopes-gzip-end-to-end": gzipped_envelopes,
    "envelopes-base64-newline": base64_envelopes(b"\n"),
    "envelopes-base64-end-to-end": base64_envelopes(b""),
    "filter-log-events": filter_log_events,
    "filter-log-events-pages": filter_log_events_in_pages,
    "get-log-events": get_log_events,
    "firehose-messages": firehose_messages,
    "firehose-lines": firehose_lines,
    "firehose-several-lines": firehose_several_lines_in_a_record,
    "firehose-envelopes": firehose_envelopes,
    "firehose-mixture": firehose_mixture,
    "firehose-two-events": two_firehose_events,
    "cloudwatch-lambda-event": cloudwatch_lambda_event,
    "objects-hyphens": objects(),
    "objects-underscores": objects(underscored, None),
    "objects-camel-case": objects(camel_case, ""),
    "objects-insights-names": objects(insights_name),
    "objects-text-none": objects(underscored, "None"),
    "objects-numbers": objects(underscored, None, numbers=True),
    "objects-account-numbers": objects(underscored, None, numbers=True, account_numbers=True),
    "objects-end-to-end": objects(pack="end to end"),
    "objects-array": objects(underscored, None, numbers=True, pack="array"),
    "objects-pretty-array": objects(camel_case, pack="pretty array"),
    "objects-array-gzip": lambda records: gzip.compress(objects(pack="array")(records), mtime=0),
}

# Those that say the fields' names themselves.
NAMED_SHAPES = [
    name
    for name in SHAPES
    if name.startswith(("header", "objects", "quoted", "byte-order-mark-before", "blank"))
    or name in ("tabs", "commas", "commas-and-spaces", "carriage-returns", "trailing-spaces")
]
