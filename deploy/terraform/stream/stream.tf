resource "aws_cloudwatch_log_group" "stream_log_group" {
  name_prefix       = "${var.name}-stream-"
  retention_in_days = var.log_retention_days
  kms_key_id        = local.has_key ? var.kms_key_arn : null
}

resource "aws_cloudwatch_log_stream" "delivery_log_stream" {
  log_group_name = aws_cloudwatch_log_group.stream_log_group.name
  name           = "delivery"
}

resource "aws_cloudwatch_log_stream" "backup_log_stream" {
  log_group_name = aws_cloudwatch_log_group.stream_log_group.name
  name           = "backup"
}

# The provider takes what equals Firehose's defaults, three attempts too, for not being there: given
# here, each plan would show a change.
locals {
  processing = merge(
    { LambdaArn = aws_lambda_function.function.arn },
    var.buffer_size == (var.destination == "splunk" ? 0.25 : 1) ? {} : { BufferSizeInMBs = var.buffer_size },
    var.buffer_interval == 60 ? {} : { BufferIntervalInSeconds = var.buffer_interval },
    # Other destinations have the role already.
    var.destination == "splunk" ? { RoleArn = aws_iam_role.stream_role.arn } : {},
  )
}

resource "aws_kinesis_firehose_delivery_stream" "stream" {
  # The function needs to know it before it is there.
  name        = "${var.name}-flow-logs"
  destination = { s3 = "extended_s3", splunk = "splunk", http = "http_endpoint" }[var.destination]

  # AWS's log delivery sets it, and may put records into streams that have it.
  tags = { LogDeliveryEnabled = "true" }

  server_side_encryption {
    enabled  = true
    key_type = local.has_key ? "CUSTOMER_MANAGED_CMK" : "AWS_OWNED_CMK"
    key_arn  = local.has_key ? var.kms_key_arn : null
  }

  dynamic "extended_s3_configuration" {
    for_each = local.to_s3 ? [1] : []

    content {
      bucket_arn          = aws_s3_bucket.bucket.arn
      role_arn            = aws_iam_role.stream_role.arn
      prefix              = local.partitions[var.partitioning].prefix
      error_output_prefix = "errors/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd/HH}/"
      file_extension      = local.is_gzip ? ".jsonl.gz" : ".jsonl"
      compression_format  = var.compression
      buffering_size      = var.delivery_size
      buffering_interval  = var.delivery_interval

      dynamic "dynamic_partitioning_configuration" {
        for_each = local.has_partitions ? [1] : []

        content {
          enabled        = true
          retry_duration = 300
        }
      }

      cloudwatch_logging_options {
        enabled         = true
        log_group_name  = aws_cloudwatch_log_group.stream_log_group.name
        log_stream_name = aws_cloudwatch_log_stream.delivery_log_stream.name
      }

      processing_configuration {
        enabled = true

        processors {
          type = "Lambda"

          dynamic "parameters" {
            for_each = local.processing

            content {
              parameter_name  = parameters.key
              parameter_value = parameters.value
            }
          }
        }
      }
    }
  }

  dynamic "splunk_configuration" {
    for_each = local.to_splunk ? [1] : []

    content {
      hec_endpoint               = var.splunk_url
      hec_endpoint_type          = "Raw"
      hec_acknowledgment_timeout = 180
      buffering_size             = 5
      buffering_interval         = 60
      retry_duration             = 300
      s3_backup_mode             = "FailedEventsOnly"

      secrets_manager_configuration {
        enabled    = true
        secret_arn = var.endpoint_secret_arn
        role_arn   = aws_iam_role.stream_role.arn
      }

      s3_configuration {
        bucket_arn          = aws_s3_bucket.bucket.arn
        role_arn            = aws_iam_role.stream_role.arn
        prefix              = "errors/"
        error_output_prefix = "errors/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd/HH}/"
        compression_format  = "GZIP"

        cloudwatch_logging_options {
          enabled         = true
          log_group_name  = aws_cloudwatch_log_group.stream_log_group.name
          log_stream_name = aws_cloudwatch_log_stream.backup_log_stream.name
        }
      }

      cloudwatch_logging_options {
        enabled         = true
        log_group_name  = aws_cloudwatch_log_group.stream_log_group.name
        log_stream_name = aws_cloudwatch_log_stream.delivery_log_stream.name
      }

      processing_configuration {
        enabled = true

        processors {
          type = "Lambda"

          dynamic "parameters" {
            for_each = local.processing

            content {
              parameter_name  = parameters.key
              parameter_value = parameters.value
            }
          }
        }
      }
    }
  }

  dynamic "http_endpoint_configuration" {
    for_each = local.to_http ? [1] : []

    content {
      name               = "SIEM"
      url                = var.http_url
      role_arn           = aws_iam_role.stream_role.arn
      buffering_size     = var.delivery_size
      buffering_interval = var.delivery_interval
      retry_duration     = 300
      s3_backup_mode     = "FailedDataOnly"

      request_configuration {
        content_encoding = "GZIP"
      }

      secrets_manager_configuration {
        enabled    = true
        secret_arn = var.endpoint_secret_arn
        role_arn   = aws_iam_role.stream_role.arn
      }

      s3_configuration {
        bucket_arn          = aws_s3_bucket.bucket.arn
        role_arn            = aws_iam_role.stream_role.arn
        prefix              = "errors/"
        error_output_prefix = "errors/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd/HH}/"
        compression_format  = "GZIP"

        cloudwatch_logging_options {
          enabled         = true
          log_group_name  = aws_cloudwatch_log_group.stream_log_group.name
          log_stream_name = aws_cloudwatch_log_stream.backup_log_stream.name
        }
      }

      cloudwatch_logging_options {
        enabled         = true
        log_group_name  = aws_cloudwatch_log_group.stream_log_group.name
        log_stream_name = aws_cloudwatch_log_stream.delivery_log_stream.name
      }

      processing_configuration {
        enabled = true

        processors {
          type = "Lambda"

          dynamic "parameters" {
            for_each = local.processing

            content {
              parameter_name  = parameters.key
              parameter_value = parameters.value
            }
          }
        }
      }
    }
  }

  # Firehose looks at what the role may do when it is made.
  depends_on = [aws_iam_role_policy.stream_role, terraform_data.rules]
}

resource "aws_flow_log" "flow_log" {
  count                    = local.has_flow_log ? 1 : 0
  vpc_id                   = var.flow_log_resource_type == "VPC" ? var.flow_log_resource_id : null
  subnet_id                = var.flow_log_resource_type == "Subnet" ? var.flow_log_resource_id : null
  eni_id                   = var.flow_log_resource_type == "NetworkInterface" ? var.flow_log_resource_id : null
  traffic_type             = var.traffic_type
  max_aggregation_interval = var.aggregation_interval
  log_format               = var.log_format
  log_destination_type     = "kinesis-data-firehose"
  log_destination          = aws_kinesis_firehose_delivery_stream.stream.arn
}
