# The flow log of a VPC, its records with their security-group rules in S3, and a snapshot each hour.
#
#   make package
#   terraform init
#   terraform apply -var vpc_id=vpc-0123456789abcdef0
terraform {
  required_version = ">= 1.9"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.0"
    }
  }
}

variable "vpc_id" {
  description = "The VPC to log"
  type        = string
}

variable "package" {
  description = "What make package has made"
  type        = string
  default     = "../../../../build/package/sgflow-lambda-arm64.zip"
}

resource "aws_s3_bucket" "code" {
  bucket_prefix = "sgflow-code-"
  force_destroy = true
}

# Another key for another package, so that the functions are updated.
resource "aws_s3_object" "package" {
  bucket = aws_s3_bucket.code.bucket
  key    = "${filesha256(var.package)}.zip"
  source = var.package
}

module "stream" {
  source = "../../stream"

  code_bucket            = aws_s3_object.package.bucket
  code_key               = aws_s3_object.package.key
  flow_log_resource_id   = var.vpc_id
  flow_log_resource_type = "VPC"
}

output "bucket_name" {
  description = "Where the records are, under records/"
  value       = module.stream.bucket_name
}
