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

TEST(RedisUrl, KeysAreEncodedAsPasswordsAre) {
  EXPECT_EQ(ParseRedisUrl("redis://x/a%20b%3F%23%2f")->key, "a b?#/");
  EXPECT_EQ(ParseRedisUrl("redis://u:p?#@x/a/b")->key, "a/b");
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
  EXPECT_EQ(refusal("redis://x/a%4"), "the key has a % that no two digits follow" + hint);
  for (const char* url : {"redis://x/key?db=1", "redis://x/key#part"}) {
    EXPECT_EQ(
        refusal(url),
        "a query or fragment has no meaning; ? and # in a key are written as %3F and %23" + hint);
  }
  EXPECT_EQ(refusal("redis://x:6379?db=1"), "a query or fragment has no meaning" + hint);
}

}  // namespace
}  // namespace sgflow
