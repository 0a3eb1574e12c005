#include "store/redis_url.h"

#include <gtest/gtest.h>

#include <string>

namespace sgflow {
namespace {

TEST(RedisUrl, HasDefaults) {
  const auto url = ParseRedisUrl("redis://cache.example");
  ASSERT_TRUE(url);
  EXPECT_FALSE(url->tls);
  EXPECT_EQ(url->host, "cache.example");
  EXPECT_EQ(url->port, 6379);
  EXPECT_EQ(url->key, "sgflow:inventory");
  EXPECT_EQ(url->user, "");
  EXPECT_EQ(ParseRedisUrl("redis://cache.example/")->key, "sgflow:inventory");
}

TEST(RedisUrl, SaysAllAndIsShownWithoutThePassword) {
  const auto url = ParseRedisUrl("rediss://reader:p%40ss%2Fw@[::1]:7000/a:key");
  ASSERT_TRUE(url);
  EXPECT_TRUE(url->tls);
  EXPECT_EQ(url->user, "reader");
  EXPECT_EQ(url->password, "p@ss/w");
  EXPECT_EQ(url->host, "::1");
  EXPECT_EQ(url->port, 7000);
  EXPECT_EQ(url->key, "a:key");
  EXPECT_EQ(url->ToString().find("p@ss"), std::string::npos);
}

TEST(RedisUrl, AMistypedOneIsShownWithoutThePasswordToo) {
  EXPECT_EQ(WithoutPassword("redis://u:p/w@x:99999"), "redis://x:99999");
  EXPECT_EQ(WithoutPassword("reddis://:p@w@x"), "reddis://x");
  EXPECT_EQ(WithoutPassword("folder@home/inventory.json"), "folder@home/inventory.json");
  const auto url = ParseRedisUrl("redis://user:SECRET/99999@host");
  ASSERT_FALSE(url);
  EXPECT_EQ(Describe(url.error()).find("SECRET"), std::string::npos);
}

TEST(RedisUrl, SaysWhatIsWrong) {
  const auto refusal = [](std::string_view text) {
    const auto url = ParseRedisUrl(text);
    return url ? "taken" : Describe(url.error());
  };
  const std::string kept = "what follows the host is no port; a / in a password is written as %2F";
  const std::string hint = "; write it as rediss://USER@HOST:6379/KEY";
  EXPECT_EQ(refusal("http://x"), "it is no URL of Redis" + hint);
  EXPECT_EQ(refusal("redis://"), "it names no host" + hint);
  EXPECT_EQ(refusal("redis://x:y"), kept + hint);
  EXPECT_EQ(refusal("redis://x:65536"), kept + hint);
  EXPECT_EQ(refusal("redis://u:%4@x"),
            "user or password have a % that no two digits follow" + hint);
}

}  // namespace
}  // namespace sgflow
