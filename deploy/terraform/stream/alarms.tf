# Written by deploy/write_templates.py from deploy/tables: change these.

resource "aws_cloudwatch_metric_alarm" "function_errors_alarm" {
  alarm_name          = "${var.name}-FunctionErrors"
  alarm_description   = "Invocations of the function failed; Firehose tries again"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.has_alarm_topic ? [var.alarm_topic_arn] : null

  metric_query {
    id          = "m1"
    return_data = true
    metric {
      period      = 300
      stat        = "Sum"
      namespace   = "AWS/Lambda"
      metric_name = "Errors"
      dimensions  = { FunctionName = aws_lambda_function.function.function_name }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "function_throttles_alarm" {
  alarm_name          = "${var.name}-FunctionThrottles"
  alarm_description   = "Lambda refused invocations: too many at once"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.has_alarm_topic ? [var.alarm_topic_arn] : null

  metric_query {
    id          = "m1"
    return_data = true
    metric {
      period      = 300
      stat        = "Sum"
      namespace   = "AWS/Lambda"
      metric_name = "Throttles"
      dimensions  = { FunctionName = aws_lambda_function.function.function_name }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "function_duration_alarm" {
  alarm_name          = "${var.name}-FunctionDuration"
  alarm_description   = "An invocation took more than 80 % of the timeout"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 80
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.has_alarm_topic ? [var.alarm_topic_arn] : null

  metric_query {
    id          = "answer"
    expression  = "100*m1/(1000*${var.timeout})"
    label       = "FunctionDuration"
    return_data = true
  }

  metric_query {
    id          = "m1"
    return_data = false
    metric {
      period      = 300
      stat        = "Maximum"
      namespace   = "AWS/Lambda"
      metric_name = "Duration"
      dimensions  = { FunctionName = aws_lambda_function.function.function_name }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "function_memory_alarm" {
  alarm_name          = "${var.name}-FunctionMemory"
  alarm_description   = "The function used more than 80 % of its memory"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 80
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.has_alarm_topic ? [var.alarm_topic_arn] : null

  metric_query {
    id          = "answer"
    expression  = "100*m1/(1048576*${var.memory_size})"
    label       = "FunctionMemory"
    return_data = true
  }

  metric_query {
    id          = "m1"
    return_data = false
    metric {
      period      = 300
      stat        = "Maximum"
      namespace   = "sgflow"
      metric_name = "PeakMemory"
      dimensions  = { FunctionName = aws_lambda_function.function.function_name }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "records_unexplained_alarm" {
  alarm_name          = "${var.name}-RecordsUnexplained"
  alarm_description   = "More than 5 % of the flow records contradict the inventory, or are of interfaces that it lacks"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 5
  evaluation_periods  = 3
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.has_alarm_topic ? [var.alarm_topic_arn] : null

  metric_query {
    id          = "answer"
    expression  = "100*(FILL(m1,0)+FILL(m2,0)+FILL(m3,0))/m0"
    label       = "RecordsUnexplained"
    return_data = true
  }

  metric_query {
    id          = "m0"
    return_data = false
    metric {
      period      = 300
      stat        = "Sum"
      namespace   = "sgflow"
      metric_name = "FlowRecords"
      dimensions  = { FunctionName = aws_lambda_function.function.function_name }
    }
  }

  metric_query {
    id          = "m1"
    return_data = false
    metric {
      period      = 300
      stat        = "Sum"
      namespace   = "sgflow"
      metric_name = "UnknownInterface"
      dimensions  = { FunctionName = aws_lambda_function.function.function_name }
    }
  }

  metric_query {
    id          = "m2"
    return_data = false
    metric {
      period      = 300
      stat        = "Sum"
      namespace   = "sgflow"
      metric_name = "allowed-unexplained"
      dimensions  = { FunctionName = aws_lambda_function.function.function_name }
    }
  }

  metric_query {
    id          = "m3"
    return_data = false
    metric {
      period      = 300
      stat        = "Sum"
      namespace   = "sgflow"
      metric_name = "denied-unexplained"
      dimensions  = { FunctionName = aws_lambda_function.function.function_name }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "api_throttles_alarm" {
  alarm_name          = "${var.name}-ApiThrottles"
  alarm_description   = "AWS throttled more than ten calls of the function"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 10
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.has_alarm_topic ? [var.alarm_topic_arn] : null

  metric_query {
    id          = "m1"
    return_data = true
    metric {
      period      = 300
      stat        = "Sum"
      namespace   = "sgflow"
      metric_name = "Throttles"
      dimensions  = { FunctionName = aws_lambda_function.function.function_name }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "inventory_age_alarm" {
  alarm_name          = "${var.name}-InventoryAge"
  alarm_description   = "What the function knows of the configuration is old"
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.max_inventory_age
  evaluation_periods  = 3
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.has_alarm_topic ? [var.alarm_topic_arn] : null

  metric_query {
    id          = "m1"
    return_data = true
    metric {
      period      = 300
      stat        = "Maximum"
      namespace   = "sgflow"
      metric_name = "InventoryAge"
      dimensions  = { FunctionName = aws_lambda_function.function.function_name }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "stream_freshness_alarm" {
  alarm_name          = "${var.name}-StreamFreshness"
  alarm_description   = "The oldest record in the stream has waited three times as long as it may"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 3
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.has_alarm_topic ? [var.alarm_topic_arn] : null

  metric_query {
    id          = "answer"
    expression  = local.to_s3 ? "m1/(${var.buffer_interval}+${var.delivery_interval})" : local.to_splunk ? "m1/(${var.buffer_interval}+60+480)" : "m1/(${var.buffer_interval}+${var.delivery_interval}+480)"
    label       = "StreamFreshness"
    return_data = true
  }

  metric_query {
    id          = "m1"
    return_data = false
    metric {
      period      = 300
      stat        = "Maximum"
      namespace   = "AWS/Firehose"
      metric_name = local.delivery[var.destination].freshness
      dimensions  = { DeliveryStreamName = aws_kinesis_firehose_delivery_stream.stream.name }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "endpoint_delivery_alarm" {
  count               = local.to_endpoint ? 1 : 0
  alarm_name          = "${var.name}-EndpointDelivery"
  alarm_description   = "The endpoint did not take records, which are tried again for five minutes and then go to the bucket"
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.has_alarm_topic ? [var.alarm_topic_arn] : null

  metric_query {
    id          = "m1"
    return_data = true
    metric {
      period      = 300
      stat        = "Average"
      namespace   = "AWS/Firehose"
      metric_name = local.delivery[var.destination].success
      dimensions  = { DeliveryStreamName = aws_kinesis_firehose_delivery_stream.stream.name }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "stream_processing_alarm" {
  alarm_name          = "${var.name}-StreamProcessing"
  alarm_description   = "Firehose could not have all records transformed"
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.has_alarm_topic ? [var.alarm_topic_arn] : null

  metric_query {
    id          = "m1"
    return_data = true
    metric {
      period      = 300
      stat        = "Average"
      namespace   = "AWS/Firehose"
      metric_name = "ExecuteProcessing.Success"
      dimensions  = { DeliveryStreamName = aws_kinesis_firehose_delivery_stream.stream.name }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "stream_throttled_alarm" {
  alarm_name          = "${var.name}-StreamThrottled"
  alarm_description   = "Firehose refused records: its quota is used up"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.has_alarm_topic ? [var.alarm_topic_arn] : null

  metric_query {
    id          = "m1"
    return_data = true
    metric {
      period      = 300
      stat        = "Sum"
      namespace   = "AWS/Firehose"
      metric_name = "ThrottledRecords"
      dimensions  = { DeliveryStreamName = aws_kinesis_firehose_delivery_stream.stream.name }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "stream_bytes_alarm" {
  alarm_name          = "${var.name}-StreamBytes"
  alarm_description   = "The stream takes more than 80 % of the bytes per second that it may"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 80
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.has_alarm_topic ? [var.alarm_topic_arn] : null

  metric_query {
    id          = "answer"
    expression  = "100*m1/PERIOD(m1)/m2"
    label       = "StreamBytes"
    return_data = true
  }

  metric_query {
    id          = "m1"
    return_data = false
    metric {
      period      = 300
      stat        = "Sum"
      namespace   = "AWS/Firehose"
      metric_name = "IncomingBytes"
      dimensions  = { DeliveryStreamName = aws_kinesis_firehose_delivery_stream.stream.name }
    }
  }

  metric_query {
    id          = "m2"
    return_data = false
    metric {
      period      = 300
      stat        = "Minimum"
      namespace   = "AWS/Firehose"
      metric_name = "BytesPerSecondLimit"
      dimensions  = { DeliveryStreamName = aws_kinesis_firehose_delivery_stream.stream.name }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "stream_records_alarm" {
  alarm_name          = "${var.name}-StreamRecords"
  alarm_description   = "The stream takes more than 80 % of the records per second that it may"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 80
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.has_alarm_topic ? [var.alarm_topic_arn] : null

  metric_query {
    id          = "answer"
    expression  = "100*m1/PERIOD(m1)/m2"
    label       = "StreamRecords"
    return_data = true
  }

  metric_query {
    id          = "m1"
    return_data = false
    metric {
      period      = 300
      stat        = "Sum"
      namespace   = "AWS/Firehose"
      metric_name = "IncomingRecords"
      dimensions  = { DeliveryStreamName = aws_kinesis_firehose_delivery_stream.stream.name }
    }
  }

  metric_query {
    id          = "m2"
    return_data = false
    metric {
      period      = 300
      stat        = "Minimum"
      namespace   = "AWS/Firehose"
      metric_name = "RecordsPerSecondLimit"
      dimensions  = { DeliveryStreamName = aws_kinesis_firehose_delivery_stream.stream.name }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "stream_requests_alarm" {
  alarm_name          = "${var.name}-StreamRequests"
  alarm_description   = "The stream takes more than 80 % of the requests per second that it may"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 80
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.has_alarm_topic ? [var.alarm_topic_arn] : null

  metric_query {
    id          = "answer"
    expression  = "100*m1/PERIOD(m1)/m2"
    label       = "StreamRequests"
    return_data = true
  }

  metric_query {
    id          = "m1"
    return_data = false
    metric {
      period      = 300
      stat        = "Sum"
      namespace   = "AWS/Firehose"
      metric_name = "IncomingPutRequests"
      dimensions  = { DeliveryStreamName = aws_kinesis_firehose_delivery_stream.stream.name }
    }
  }

  metric_query {
    id          = "m2"
    return_data = false
    metric {
      period      = 300
      stat        = "Minimum"
      namespace   = "AWS/Firehose"
      metric_name = "PutRequestsPerSecondLimit"
      dimensions  = { DeliveryStreamName = aws_kinesis_firehose_delivery_stream.stream.name }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "stream_partitions_alarm" {
  count               = local.has_partitions ? 1 : 0
  alarm_name          = "${var.name}-StreamPartitions"
  alarm_description   = "Firehose has more partitions open than it may"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.has_alarm_topic ? [var.alarm_topic_arn] : null

  metric_query {
    id          = "m1"
    return_data = true
    metric {
      period      = 300
      stat        = "Maximum"
      namespace   = "AWS/Firehose"
      metric_name = "PartitionCountExceeded"
      dimensions  = { DeliveryStreamName = aws_kinesis_firehose_delivery_stream.stream.name }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "records_failed_alarm" {
  alarm_name          = "${var.name}-RecordsFailed"
  alarm_description   = "More than 1 % of the records could not be read"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 1
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.has_alarm_topic ? [var.alarm_topic_arn] : null

  metric_query {
    id          = "answer"
    expression  = "100*(FILL(m1,0))/m0"
    label       = "RecordsFailed"
    return_data = true
  }

  metric_query {
    id          = "m0"
    return_data = false
    metric {
      period      = 300
      stat        = "Sum"
      namespace   = "sgflow"
      metric_name = "RecordsIn"
      dimensions  = { FunctionName = aws_lambda_function.function.function_name }
    }
  }

  metric_query {
    id          = "m1"
    return_data = false
    metric {
      period      = 300
      stat        = "Sum"
      namespace   = "sgflow"
      metric_name = "RecordsFailed"
      dimensions  = { FunctionName = aws_lambda_function.function.function_name }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "records_overflowed_alarm" {
  alarm_name          = "${var.name}-RecordsOverflowed"
  alarm_description   = "More than 5 % of the records did not fit into an answer"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 5
  evaluation_periods  = 3
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.has_alarm_topic ? [var.alarm_topic_arn] : null

  metric_query {
    id          = "answer"
    expression  = "100*(FILL(m1,0)+FILL(m2,0))/m0"
    label       = "RecordsOverflowed"
    return_data = true
  }

  metric_query {
    id          = "m0"
    return_data = false
    metric {
      period      = 300
      stat        = "Sum"
      namespace   = "sgflow"
      metric_name = "RecordsIn"
      dimensions  = { FunctionName = aws_lambda_function.function.function_name }
    }
  }

  metric_query {
    id          = "m1"
    return_data = false
    metric {
      period      = 300
      stat        = "Sum"
      namespace   = "sgflow"
      metric_name = "OverflowReingested"
      dimensions  = { FunctionName = aws_lambda_function.function.function_name }
    }
  }

  metric_query {
    id          = "m2"
    return_data = false
    metric {
      period      = 300
      stat        = "Sum"
      namespace   = "sgflow"
      metric_name = "OverflowFailed"
      dimensions  = { FunctionName = aws_lambda_function.function.function_name }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "overflow_lost_alarm" {
  alarm_name          = "${var.name}-OverflowLost"
  alarm_description   = "Records that did not fit went to the error prefix"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.has_alarm_topic ? [var.alarm_topic_arn] : null

  metric_query {
    id          = "m1"
    return_data = true
    metric {
      period      = 300
      stat        = "Sum"
      namespace   = "sgflow"
      metric_name = "OverflowFailed"
      dimensions  = { FunctionName = aws_lambda_function.function.function_name }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "snapshot_errors_alarm" {
  count               = local.takes_snapshots ? 1 : 0
  alarm_name          = "${var.name}-SnapshotErrors"
  alarm_description   = "A snapshot could not be taken or written"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.has_alarm_topic ? [var.alarm_topic_arn] : null

  metric_query {
    id          = "m1"
    return_data = true
    metric {
      period      = 300
      stat        = "Sum"
      namespace   = "AWS/Lambda"
      metric_name = "Errors"
      dimensions  = { FunctionName = aws_lambda_function.snapshot_function[0].function_name }
    }
  }
}

resource "aws_cloudwatch_dashboard" "dashboard" {
  dashboard_name = var.name
  dashboard_body = "{\"widgets\":[{\"type\":\"metric\",\"x\":0,\"y\":0,\"width\":12,\"height\":6,\"properties\":{\"title\":\"Firehose records by result\",\"region\":\"${data.aws_region.current.region}\",\"stat\":\"Sum\",\"period\":300,\"metrics\":[[\"sgflow\",\"RecordsOk\",\"FunctionName\",\"${aws_lambda_function.function.function_name}\"],[\".\",\"RecordsDropped\",\".\",\".\"],[\".\",\"RecordsFailed\",\".\",\".\"],[\".\",\"OverflowReingested\",\".\",\".\"],[\".\",\"OverflowFailed\",\".\",\".\"]],\"stacked\":true}},{\"type\":\"metric\",\"x\":12,\"y\":0,\"width\":12,\"height\":6,\"properties\":{\"title\":\"Flow records by verdict\",\"region\":\"${data.aws_region.current.region}\",\"stat\":\"Sum\",\"period\":300,\"metrics\":[[\"sgflow\",\"allowed-by-rule\",\"FunctionName\",\"${aws_lambda_function.function.function_name}\"],[\".\",\"allowed-as-return\",\".\",\".\"],[\".\",\"allowed-unexplained\",\".\",\".\"],[\".\",\"denied-by-security-group\",\".\",\".\"],[\".\",\"denied-by-network-acl\",\".\",\".\"],[\".\",\"denied-after-close\",\".\",\".\"],[\".\",\"denied-no-connection\",\".\",\".\"],[\".\",\"denied-by-vpc\",\".\",\".\"],[\".\",\"denied-unexplained\",\".\",\".\"],[\".\",\"UnknownInterface\",\".\",\".\"]],\"stacked\":true}},{\"type\":\"metric\",\"x\":0,\"y\":6,\"width\":12,\"height\":6,\"properties\":{\"title\":\"Stream: incoming bytes, throttled records\",\"region\":\"${data.aws_region.current.region}\",\"stat\":\"Sum\",\"period\":300,\"metrics\":[[\"AWS/Firehose\",\"IncomingBytes\",\"DeliveryStreamName\",\"${aws_kinesis_firehose_delivery_stream.stream.name}\"],[\".\",\"ThrottledRecords\",\".\",\".\"]]}},{\"type\":\"metric\",\"x\":12,\"y\":6,\"width\":12,\"height\":6,\"properties\":{\"title\":\"Stream: seconds until delivery\",\"region\":\"${data.aws_region.current.region}\",\"stat\":\"Maximum\",\"period\":300,\"metrics\":[[\"AWS/Firehose\",\"DeliveryToS3.DataFreshness\",\"DeliveryStreamName\",\"${aws_kinesis_firehose_delivery_stream.stream.name}\"],[\".\",\"DeliveryToSplunk.DataFreshness\",\".\",\".\"],[\".\",\"DeliveryToHttpEndpoint.DataFreshness\",\".\",\".\"]]}},{\"type\":\"metric\",\"x\":0,\"y\":12,\"width\":12,\"height\":6,\"properties\":{\"title\":\"Function: invocations\",\"region\":\"${data.aws_region.current.region}\",\"stat\":\"Sum\",\"period\":300,\"metrics\":[[\"AWS/Lambda\",\"Invocations\",\"FunctionName\",\"${aws_lambda_function.function.function_name}\"],[\".\",\"Errors\",\".\",\".\"],[\".\",\"Throttles\",\".\",\".\"]]}},{\"type\":\"metric\",\"x\":12,\"y\":12,\"width\":12,\"height\":6,\"properties\":{\"title\":\"Function: milliseconds\",\"region\":\"${data.aws_region.current.region}\",\"stat\":\"Sum\",\"period\":300,\"metrics\":[[\"AWS/Lambda\",\"Duration\",\"FunctionName\",\"${aws_lambda_function.function.function_name}\",{\"stat\":\"p50\"}],[\".\",\"Duration\",\".\",\".\",{\"stat\":\"p99\"}],[\".\",\"Duration\",\".\",\".\",{\"stat\":\"Maximum\"}]]}},{\"type\":\"metric\",\"x\":0,\"y\":18,\"width\":12,\"height\":6,\"properties\":{\"title\":\"Calls to AWS\",\"region\":\"${data.aws_region.current.region}\",\"stat\":\"Sum\",\"period\":300,\"metrics\":[[\"sgflow\",\"ApiCalls\",\"FunctionName\",\"${aws_lambda_function.function.function_name}\"],[\".\",\"Throttles\",\".\",\".\"],[\".\",\"NotLearned\",\".\",\".\"]]}},{\"type\":\"metric\",\"x\":12,\"y\":18,\"width\":12,\"height\":6,\"properties\":{\"title\":\"Age of the inventory, seconds\",\"region\":\"${data.aws_region.current.region}\",\"stat\":\"Maximum\",\"period\":300,\"metrics\":[[\"sgflow\",\"InventoryAge\",\"FunctionName\",\"${aws_lambda_function.function.function_name}\"]]}},{\"type\":\"metric\",\"x\":0,\"y\":24,\"width\":12,\"height\":6,\"properties\":{\"title\":\"Function: peak of memory, bytes\",\"region\":\"${data.aws_region.current.region}\",\"stat\":\"Maximum\",\"period\":300,\"metrics\":[[\"sgflow\",\"PeakMemory\",\"FunctionName\",\"${aws_lambda_function.function.function_name}\"]]}}]}"
}
