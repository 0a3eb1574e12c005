resource "aws_cloudwatch_log_group" "snapshot_log_group" {
  count             = local.takes_snapshots ? 1 : 0
  name_prefix       = "${var.name}-snapshot-"
  retention_in_days = var.log_retention_days
  kms_key_id        = local.has_key ? var.kms_key_arn : null
}

resource "aws_lambda_function" "snapshot_function" {
  count         = local.takes_snapshots ? 1 : 0
  function_name = "${var.name}-snapshot"
  description   = "Writes down what AWS has configured"
  role          = aws_iam_role.snapshot_role[0].arn
  runtime       = "provided.al2023"
  handler       = "bootstrap"
  architectures = [var.architecture]
  s3_bucket     = var.code_bucket
  s3_key        = var.code_key
  memory_size   = var.memory_size
  timeout       = 300
  kms_key_arn   = local.has_key ? var.kms_key_arn : null

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.snapshot_log_group[0].name
  }

  dynamic "vpc_config" {
    for_each = local.in_vpc ? [1] : []

    content {
      subnet_ids         = var.subnet_ids
      security_group_ids = var.security_group_ids
    }
  }

  environment {
    variables = {
      SGFLOW_SNAPSHOT_OUTPUT       = local.uses_redis ? "s3://${aws_s3_bucket.bucket.bucket}/inventory/current.json.gz,s3://${aws_s3_bucket.bucket.bucket}/inventory/history/,${var.redis_url}" : "s3://${aws_s3_bucket.bucket.bucket}/inventory/current.json.gz,s3://${aws_s3_bucket.bucket.bucket}/inventory/history/"
      SGFLOW_SNAPSHOT_REGIONS      = join(",", var.regions)
      SGFLOW_SNAPSHOT_ROLE_ARNS    = join(",", var.snapshot_role_arns)
      SGFLOW_REDIS_PASSWORD_SECRET = var.redis_password_secret_arn
    }
  }

  depends_on = [aws_iam_role_policy.snapshot_role, terraform_data.rules]
}

resource "aws_scheduler_schedule" "snapshot_trigger" {
  count               = local.takes_snapshots ? 1 : 0
  description         = "Has a snapshot taken"
  schedule_expression = var.snapshot_schedule

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = aws_lambda_function.snapshot_function[0].arn
    role_arn = aws_iam_role.snapshot_trigger_role[0].arn
    input    = "{\"sgflow\": \"snapshot\"}"

    retry_policy {
      maximum_retry_attempts       = 2
      maximum_event_age_in_seconds = 3600
    }
  }
}
