output "security_group_ids" {
  description = "For stream and batch"
  value       = [aws_security_group.function_security_group.id]
}

output "redis_url" {
  description = "For stream; null without a cache"
  value       = local.has_cache ? "rediss://${aws_elasticache_replication_group.cache[0].primary_endpoint_address}:6379" : null
}

output "redis_password_secret_arn" {
  description = "For stream; null without a cache"
  value       = one(aws_secretsmanager_secret.cache_password[*].arn)
}
