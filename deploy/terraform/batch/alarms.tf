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
