resource "aws_flow_log" "flow_log" {
  count                      = local.has_flow_log ? 1 : 0
  vpc_id                     = var.flow_log_resource_type == "VPC" ? var.flow_log_resource_id : null
  subnet_id                  = var.flow_log_resource_type == "Subnet" ? var.flow_log_resource_id : null
  eni_id                     = var.flow_log_resource_type == "NetworkInterface" ? var.flow_log_resource_id : null
  traffic_type               = var.traffic_type
  max_aggregation_interval   = var.aggregation_interval
  log_format                 = var.log_format
  log_destination_type       = "kinesis-data-firehose"
  log_destination            = var.stream_arn
  iam_role_arn               = aws_iam_role.sender_role[0].arn
  deliver_cross_account_role = "arn:${data.aws_partition.current.partition}:iam::${var.receiver_account_id}:role/AWSLogDeliveryFirehoseCrossAccountRole"

  depends_on = [aws_iam_role_policy.sender_role, terraform_data.rules]
}
