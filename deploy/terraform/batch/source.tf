resource "aws_sqs_queue" "queue" {
  name                    = "${var.name}-files"
  sqs_managed_sse_enabled = true
  # Six times the function's timeout, as Lambda wants it.
  visibility_timeout_seconds = 1800
  message_retention_seconds  = 1209600

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead_letter_queue.arn
    maxReceiveCount     = 5
  })
}

resource "aws_sqs_queue" "dead_letter_queue" {
  name                      = "${var.name}-files-failed"
  sqs_managed_sse_enabled   = true
  message_retention_seconds = 1209600
}

resource "aws_s3_bucket_notification" "source_bucket" {
  count  = local.makes_source_bucket ? 1 : 0
  bucket = aws_s3_bucket.source_bucket[0].id

  queue {
    queue_arn     = aws_sqs_queue.queue.arn
    events        = ["s3:ObjectCreated:*"]
    filter_suffix = ".log.gz"
  }

  depends_on = [aws_sqs_queue_policy.queue_policy]
}

resource "aws_cloudwatch_event_rule" "source_rule" {
  count       = local.has_source_bucket ? 1 : 0
  name        = "${var.name}-files"
  description = "Flow-log files that arrive"

  event_pattern = jsonencode({
    source      = ["aws.s3"]
    detail-type = ["Object Created"]
    detail = {
      bucket = { name = [var.source_bucket_name] }
      object = { key = [{ suffix = ".log.gz" }] }
    }
  })
}

resource "aws_cloudwatch_event_target" "source_rule" {
  count     = local.has_source_bucket ? 1 : 0
  rule      = aws_cloudwatch_event_rule.source_rule[0].name
  target_id = "queue"
  arn       = aws_sqs_queue.queue.arn
}

resource "aws_flow_log" "flow_log" {
  count                    = local.has_flow_log ? 1 : 0
  vpc_id                   = var.flow_log_resource_type == "VPC" ? var.flow_log_resource_id : null
  subnet_id                = var.flow_log_resource_type == "Subnet" ? var.flow_log_resource_id : null
  eni_id                   = var.flow_log_resource_type == "NetworkInterface" ? var.flow_log_resource_id : null
  traffic_type             = var.traffic_type
  max_aggregation_interval = var.aggregation_interval
  log_format               = var.log_format
  log_destination_type     = "s3"
  log_destination          = local.makes_source_bucket ? aws_s3_bucket.source_bucket[0].arn : null

  depends_on = [aws_s3_bucket_policy.source_bucket_policy, terraform_data.rules]
}
