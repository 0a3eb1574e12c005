# Written by deploy/write_templates.py from deploy/tables: change these.

resource "aws_cloudwatch_metric_alarm" "function_errors_alarm" {
  alarm_name          = "${var.name}-FunctionErrors"
  alarm_description   = "Invocations of the function failed; their files are tried again"
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
  threshold           = 240000
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.has_alarm_topic ? [var.alarm_topic_arn] : null

  metric_query {
    id          = "m1"
    return_data = true
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
  count               = local.judges_by_now ? 1 : 0
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

resource "aws_cloudwatch_metric_alarm" "objects_failed_alarm" {
  alarm_name          = "${var.name}-ObjectsFailed"
  alarm_description   = "More than 5 % of the files could not be enriched, and come again"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 5
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.has_alarm_topic ? [var.alarm_topic_arn] : null

  metric_query {
    id          = "answer"
    expression  = "100*(FILL(m1,0)+FILL(m2,0))/m0"
    label       = "ObjectsFailed"
    return_data = true
  }

  metric_query {
    id          = "m0"
    return_data = false
    metric {
      period      = 300
      stat        = "Sum"
      namespace   = "sgflow"
      metric_name = "ObjectsIn"
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
      metric_name = "ObjectsFailed"
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
      metric_name = "ObjectsIncomplete"
      dimensions  = { FunctionName = aws_lambda_function.function.function_name }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "records_failed_alarm" {
  alarm_name          = "${var.name}-RecordsFailed"
  alarm_description   = "More than 1 % of the flow records could not be read"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 1
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.has_alarm_topic ? [var.alarm_topic_arn] : null

  metric_query {
    id          = "answer"
    expression  = "100*m1/(m0+m1)"
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
      metric_name = "FlowRecordsFailed"
      dimensions  = { FunctionName = aws_lambda_function.function.function_name }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "objects_cut_off_alarm" {
  alarm_name          = "${var.name}-ObjectsCutOff"
  alarm_description   = "A file was enriched only in part: its data ends in the middle or is damaged"
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
      metric_name = "ObjectsCutOff"
      dimensions  = { FunctionName = aws_lambda_function.function.function_name }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "queue_age_alarm" {
  alarm_name          = "${var.name}-QueueAge"
  alarm_description   = "A file has waited for more than an hour"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 3600
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.has_alarm_topic ? [var.alarm_topic_arn] : null

  metric_query {
    id          = "m1"
    return_data = true
    metric {
      period      = 300
      stat        = "Maximum"
      namespace   = "AWS/SQS"
      metric_name = "ApproximateAgeOfOldestMessage"
      dimensions  = { QueueName = aws_sqs_queue.queue.name }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "dead_letters_alarm" {
  alarm_name          = "${var.name}-DeadLetters"
  alarm_description   = "Files could not be enriched at five attempts"
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
      namespace   = "AWS/SQS"
      metric_name = "ApproximateNumberOfMessagesVisible"
      dimensions  = { QueueName = aws_sqs_queue.dead_letter_queue.name }
    }
  }
}

resource "aws_cloudwatch_dashboard" "dashboard" {
  dashboard_name = var.name
  dashboard_body = "{\"widgets\":[{\"type\":\"metric\",\"x\":0,\"y\":0,\"width\":12,\"height\":6,\"properties\":{\"title\":\"Files by result\",\"region\":\"${data.aws_region.current.region}\",\"stat\":\"Sum\",\"period\":300,\"metrics\":[[\"sgflow\",\"ObjectsWritten\",\"FunctionName\",\"${aws_lambda_function.function.function_name}\"],[\".\",\"ObjectsFinished\",\".\",\".\"],[\".\",\"ObjectsPassed\",\".\",\".\"],[\".\",\"ObjectsFailed\",\".\",\".\"]],\"stacked\":true}},{\"type\":\"metric\",\"x\":12,\"y\":0,\"width\":12,\"height\":6,\"properties\":{\"title\":\"Flow records by verdict\",\"region\":\"${data.aws_region.current.region}\",\"stat\":\"Sum\",\"period\":300,\"metrics\":[[\"sgflow\",\"allowed-by-rule\",\"FunctionName\",\"${aws_lambda_function.function.function_name}\"],[\".\",\"allowed-as-return\",\".\",\".\"],[\".\",\"allowed-unexplained\",\".\",\".\"],[\".\",\"denied-by-security-group\",\".\",\".\"],[\".\",\"denied-by-network-acl\",\".\",\".\"],[\".\",\"denied-after-close\",\".\",\".\"],[\".\",\"denied-no-connection\",\".\",\".\"],[\".\",\"denied-by-vpc\",\".\",\".\"],[\".\",\"denied-unexplained\",\".\",\".\"],[\".\",\"UnknownInterface\",\".\",\".\"]],\"stacked\":true}},{\"type\":\"metric\",\"x\":0,\"y\":6,\"width\":12,\"height\":6,\"properties\":{\"title\":\"Flow records, and lines that could not be read\",\"region\":\"${data.aws_region.current.region}\",\"stat\":\"Sum\",\"period\":300,\"metrics\":[[\"sgflow\",\"FlowRecords\",\"FunctionName\",\"${aws_lambda_function.function.function_name}\"],[\".\",\"FlowRecordsFailed\",\".\",\".\"]]}},{\"type\":\"metric\",\"x\":12,\"y\":6,\"width\":12,\"height\":6,\"properties\":{\"title\":\"Queue: files that wait, and that were given up\",\"region\":\"${data.aws_region.current.region}\",\"stat\":\"Maximum\",\"period\":300,\"metrics\":[[\"AWS/SQS\",\"ApproximateNumberOfMessagesVisible\",\"QueueName\",\"${aws_sqs_queue.queue.name}\"],[\"AWS/SQS\",\"ApproximateNumberOfMessagesVisible\",\"QueueName\",\"${aws_sqs_queue.dead_letter_queue.name}\"]]}},{\"type\":\"metric\",\"x\":0,\"y\":12,\"width\":12,\"height\":6,\"properties\":{\"title\":\"Queue: seconds that the oldest has waited\",\"region\":\"${data.aws_region.current.region}\",\"stat\":\"Maximum\",\"period\":300,\"metrics\":[[\"AWS/SQS\",\"ApproximateAgeOfOldestMessage\",\"QueueName\",\"${aws_sqs_queue.queue.name}\"]]}},{\"type\":\"metric\",\"x\":12,\"y\":12,\"width\":12,\"height\":6,\"properties\":{\"title\":\"Function: invocations\",\"region\":\"${data.aws_region.current.region}\",\"stat\":\"Sum\",\"period\":300,\"metrics\":[[\"AWS/Lambda\",\"Invocations\",\"FunctionName\",\"${aws_lambda_function.function.function_name}\"],[\".\",\"Errors\",\".\",\".\"],[\".\",\"Throttles\",\".\",\".\"]]}},{\"type\":\"metric\",\"x\":0,\"y\":18,\"width\":12,\"height\":6,\"properties\":{\"title\":\"Function: milliseconds\",\"region\":\"${data.aws_region.current.region}\",\"stat\":\"Sum\",\"period\":300,\"metrics\":[[\"AWS/Lambda\",\"Duration\",\"FunctionName\",\"${aws_lambda_function.function.function_name}\",{\"stat\":\"p50\"}],[\".\",\"Duration\",\".\",\".\",{\"stat\":\"p99\"}],[\".\",\"Duration\",\".\",\".\",{\"stat\":\"Maximum\"}]]}},{\"type\":\"metric\",\"x\":12,\"y\":18,\"width\":12,\"height\":6,\"properties\":{\"title\":\"Calls to AWS\",\"region\":\"${data.aws_region.current.region}\",\"stat\":\"Sum\",\"period\":300,\"metrics\":[[\"sgflow\",\"ApiCalls\",\"FunctionName\",\"${aws_lambda_function.function.function_name}\"],[\".\",\"Throttles\",\".\",\".\"],[\".\",\"NotLearned\",\".\",\".\"]]}},{\"type\":\"metric\",\"x\":0,\"y\":24,\"width\":12,\"height\":6,\"properties\":{\"title\":\"Age of the inventory, seconds\",\"region\":\"${data.aws_region.current.region}\",\"stat\":\"Maximum\",\"period\":300,\"metrics\":[[\"sgflow\",\"InventoryAge\",\"FunctionName\",\"${aws_lambda_function.function.function_name}\"]]}},{\"type\":\"metric\",\"x\":12,\"y\":24,\"width\":12,\"height\":6,\"properties\":{\"title\":\"Function: peak of memory, bytes\",\"region\":\"${data.aws_region.current.region}\",\"stat\":\"Maximum\",\"period\":300,\"metrics\":[[\"sgflow\",\"PeakMemory\",\"FunctionName\",\"${aws_lambda_function.function.function_name}\"]]}}]}"
}
