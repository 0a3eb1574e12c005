#include "lambda/configuration.h"

#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <iterator>
#include <string>

namespace sgflow {
namespace {

Environment With(Environment variables) {
  variables.emplace("SGFLOW_INVENTORY", "inventory.json");
  return variables;
}

std::string Refusal(const Environment& environment) {
  const auto configuration = ReadConfiguration(environment);
  if (configuration) return "taken";
  EXPECT_EQ(configuration.error().kind, ErrorKind::kUsage);
  return Describe(configuration.error());
}

TEST(ConfigurationTest, HasDefaults) {
  const auto configuration = ReadConfiguration({});
  ASSERT_TRUE(configuration);
  EXPECT_EQ(configuration->format, OutputFormat::kClassic);
  EXPECT_EQ(configuration->record_format, nullptr);
  EXPECT_TRUE(configuration->inventory.is_live());
  EXPECT_EQ(configuration->inventory.time_to_live, std::chrono::seconds(300));
  EXPECT_FALSE(configuration->inventory.fail_on_error);
  EXPECT_EQ(configuration->inventory.role_arn, "");
}

TEST(ConfigurationTest, TakesWhatIsSet) {
  const auto configuration = ReadConfiguration(
      With({{"SGFLOW_FORMAT", "json"}, {"SGFLOW_RECORD_FORMAT", "${version} ${srcaddr}"}}));
  ASSERT_TRUE(configuration);
  EXPECT_EQ(configuration->format, OutputFormat::kJson);
  ASSERT_NE(configuration->record_format, nullptr);
  EXPECT_EQ(configuration->record_format->size(), 2U);
  EXPECT_EQ(configuration->inventory.name, "inventory.json");
  EXPECT_EQ(configuration->packing, Packing::kNone);
  EXPECT_EQ(configuration->metrics_namespace, "sgflow");
  EXPECT_EQ(ReadConfiguration({{"SGFLOW_METRICS_NAMESPACE", "none"}})->metrics_namespace, "");
  EXPECT_EQ(ReadConfiguration({{"SGFLOW_PACKING", "gzip"}})->packing, Packing::kGzip);
  EXPECT_EQ(ReadConfiguration({{"SGFLOW_REINGEST", "flow-logs_1.x"}})->reingest_stream,
            "flow-logs_1.x");
}

// Records that go round may come twice.
TEST(ConfigurationTest, TellsRecordsApartWhereTheyAreReingested) {
  const auto has_id = [](Environment variables) {
    return ReadConfiguration(With(std::move(variables)))->fields.Includes(Column::kSgflowRecordId);
  };
  EXPECT_FALSE(has_id({{"SGFLOW_FORMAT", "json"}}));
  EXPECT_TRUE(has_id({{"SGFLOW_FORMAT", "json"}, {"SGFLOW_REINGEST", "s"}}));
  EXPECT_TRUE(
      has_id({{"SGFLOW_FORMAT", "json"}, {"SGFLOW_REINGEST", "s"}, {"SGFLOW_FIELDS", "srcaddr"}}));
  EXPECT_FALSE(has_id(
      {{"SGFLOW_FORMAT", "json"}, {"SGFLOW_REINGEST", "s"}, {"SGFLOW_DROP", "sgflow_record_id"}}));
  EXPECT_FALSE(has_id({{"SGFLOW_REINGEST", "s"}})) << "classic is what it was";
  EXPECT_TRUE(has_id({{"SGFLOW_REINGEST", "s"}, {"SGFLOW_FIELDS", "+sgflow_record_id"}}));
}

TEST(ConfigurationTest, SaysWhereTheInventoryComesFrom) {
  const auto setup = ReadInventorySetup(
      {{"SGFLOW_INVENTORY", "rediss://cache:6379"},
       {"SGFLOW_INVENTORY_TTL", "60"},
       {"SGFLOW_ON_INVENTORY_ERROR", "fail"},
       {"SGFLOW_ROLE_ARN", "arn:aws:iam::{account-id}:role/sgflow"},
       {"SGFLOW_REDIS_PASSWORD_SECRET", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:x"}});
  ASSERT_TRUE(setup);
  EXPECT_EQ(setup->name, "rediss://cache:6379");
  EXPECT_FALSE(setup->is_live());
  EXPECT_EQ(setup->time_to_live, std::chrono::seconds(60));
  EXPECT_TRUE(setup->fail_on_error);
  EXPECT_EQ(setup->role_arn, "arn:aws:iam::{account-id}:role/sgflow");
  EXPECT_EQ(setup->redis_password_secret, "arn:aws:secretsmanager:eu-west-1:111122223333:secret:x");
}

std::string SnapshotRefusal(const Environment& environment) {
  const auto setup = ReadSnapshotSetup(environment);
  return setup ? "taken" : Describe(setup.error());
}

TEST(ConfigurationTest, SaysWhetherTheFunctionTakesSnapshots) {
  const auto none = ReadSnapshotSetup({{"SGFLOW_SNAPSHOT_REGIONS", "eu-west-1"}});
  ASSERT_TRUE(none);
  EXPECT_FALSE(*none);
  const auto setup = ReadSnapshotSetup(
      {{"SGFLOW_SNAPSHOT_OUTPUT", "s3://bucket/current.json.gz,s3://bucket/history/"},
       {"SGFLOW_SNAPSHOT_REGIONS", "eu-west-1,us-east-1"},
       {"SGFLOW_SNAPSHOT_ROLE_ARNS", "arn:aws:iam::111122223333:role/reader"}});
  ASSERT_TRUE(setup && *setup);
  EXPECT_EQ((*setup)->outputs,
            (std::vector<std::string>{"s3://bucket/current.json.gz", "s3://bucket/history/"}));
  EXPECT_EQ((*setup)->regions, (std::vector<std::string>{"eu-west-1", "us-east-1"}));
  EXPECT_EQ((*setup)->role_arns.size(), 1U);

  EXPECT_EQ(SnapshotRefusal({{"SGFLOW_SNAPSHOT_OUTPUT", "s3://bucket/x,redis://host/"}}),
            "SGFLOW_SNAPSHOT_OUTPUT: 'redis://host/' is no place for several snapshots; "
            "s3://BUCKET/PREFIX/ is one");
  EXPECT_EQ(SnapshotRefusal({{"SGFLOW_SNAPSHOT_OUTPUT", "s3://bucket/x"},
                             {"SGFLOW_SNAPSHOT_ROLE_ARNS", "reader"}}),
            "SGFLOW_SNAPSHOT_ROLE_ARNS: 'reader' is no role; roles are named as "
            "arn:aws:iam::111122223333:role/NAME");
}

TEST(ConfigurationTest, TakesNothingAsNotSet) {
  const auto configuration = ReadConfiguration({{"SGFLOW_INVENTORY", ""},
                                                {"SGFLOW_FORMAT", ""},
                                                {"SGFLOW_RECORD_FORMAT", ""},
                                                {"SGFLOW_INVENTORY_TTL", ""}});
  ASSERT_TRUE(configuration);
  EXPECT_TRUE(configuration->inventory.is_live());
  EXPECT_EQ(configuration->record_format, nullptr);
}

TEST(ConfigurationTest, SaysWhichVariableIsWrong) {
  EXPECT_EQ(Refusal(With({{"SGFLOW_FORMAT", "xml"}})),
            "SGFLOW_FORMAT: there is no format 'xml'; one of: classic, json");
  EXPECT_EQ(Refusal(With({{"SGFLOW_RECORD_FORMAT", "${srcadr}"}})),
            "SGFLOW_RECORD_FORMAT: 'srcadr' is no flow-log field and no preset; did you mean "
            "srcaddr?");
  // The default format is classic.
  EXPECT_EQ(Refusal(With({{"SGFLOW_FIELDS", "srcaddr,sg_verdict"}, {"SGFLOW_DROP", "srcadr"}})),
            "SGFLOW_FIELDS: 'sg_verdict' is a column of the json format, and this is classic; "
            "SGFLOW_DROP: 'srcadr' is no field and no column (near it: srcaddr)");
  EXPECT_EQ(Refusal(With({{"SGFLOW_FIELDS", "srcaddr"}, {"SGFLOW_DROP", "srcaddr"}})),
            "SGFLOW_FIELDS and SGFLOW_DROP leave nothing to write; name a field or column of the "
            "classic format");
  for (const char* const time : {"0", "-1", "5m", "86401", "99999999999"}) {
    EXPECT_EQ(Refusal({{"SGFLOW_INVENTORY_TTL", time}}),
              "SGFLOW_INVENTORY_TTL: '" + std::string(time) +
                  "' is no number of seconds; one from 1 to 86400");
  }
  EXPECT_EQ(Refusal({{"SGFLOW_ON_INVENTORY_ERROR", "ignore"}}),
            "SGFLOW_ON_INVENTORY_ERROR: 'ignore' cannot be; one of: mark, fail");
  for (const char* arn :
       {"arn:aws:iam::{account-id}:role/audit/sgflow", "arn:aws:iam::111122223333:role/sgflow",
        "arn:aws-us-gov:iam::{account-id}:role/sgflow", "arn:aws-cn:iam::{account-id}:role/x"}) {
    EXPECT_EQ(ReadInventorySetup({{"SGFLOW_ROLE_ARN", arn}})->role_arn, arn);
  }
  for (const char* arn :
       {"arn:aws:iam::{account_id}:role/sgflow", "arn:aws:iam::1111:role/sgflow",
        "arn:aws:iam::111122223333:user/sgflow", "arn:aws:iam::111122223333:role/"}) {
    EXPECT_NE(Refusal({{"SGFLOW_ROLE_ARN", arn}}), "taken") << arn;
  }
  EXPECT_EQ(Refusal({{"SGFLOW_ROLE_ARN", "sgflow"}}),
            "SGFLOW_ROLE_ARN: 'sgflow' is no ARN of a role; write it as "
            "arn:aws:iam::{account-id}:role/NAME");
  EXPECT_EQ(Refusal({{"SGFLOW_METRICS_NAMESPACE", "a \"b\""}}),
            "SGFLOW_METRICS_NAMESPACE: 'a \"b\"' is no CloudWatch namespace; letters, digits and . "
            "_ - / # : make one");
  EXPECT_EQ(
      Refusal({{"SGFLOW_METRICS_NAMESPACE", "AWS/Firehose"}}),
      "SGFLOW_METRICS_NAMESPACE: 'AWS/Firehose' is among the namespaces of AWS's own services; "
      "choose one that does not begin with AWS/");
  EXPECT_EQ(Refusal({{"SGFLOW_METRICS_NAMESPACE", "Flows/AWS/x"}}), "taken");
  EXPECT_EQ(Refusal({{"SGFLOW_PACKING", "zstd"}}),
            "SGFLOW_PACKING: 'zstd' cannot be; one of: none, gzip");
  EXPECT_EQ(Refusal({{"SGFLOW_PARTITION_KEYS", "account_id,interface_id"}}),
            "SGFLOW_PARTITION_KEYS: there is no key 'interface_id'; one or several of: account_id, "
            "region, vpc_id, day, hour");
  EXPECT_EQ(Refusal({{"SGFLOW_PARTITION_KEYS", "day,region,day"}}),
            "SGFLOW_PARTITION_KEYS: 'day' is given twice; name each key once");
  EXPECT_EQ(Refusal({{"SGFLOW_PARTITION_KEYS", "day"}, {"SGFLOW_PACKING", "gzip"}}),
            "SGFLOW_PARTITION_KEYS: SGFLOW_PACKING=gzip puts records of all keys into one; leave "
            "one of the two out");
  EXPECT_EQ(Refusal({{"SGFLOW_REINGEST", "flow logs"}}),
            "SGFLOW_REINGEST: 'flow logs' is no name of a stream; give the stream's name, not its "
            "ARN");
}

TEST(ConfigurationTest, TellsOfVariablesThatAreNoneOfOurs) {
  EXPECT_EQ(UnknownNames({{"SGFLOW", "x"},
                          {"SGFLOW_FORMAT", "x"},
                          {"SGFLOW_FORMATS", "x"},
                          {"SGFLOW_INVENTROY", "x"},
                          {"SGFLOWER_FORMAT", "x"}}),
            (std::vector<std::string>{
                "SGFLOW_FORMATS means nothing to sgflow; did you mean SGFLOW_FORMAT?",
                "SGFLOW_INVENTROY means nothing to sgflow; did you mean SGFLOW_INVENTORY?"}));
}

// They are carried as text, so a slip would be seen nowhere else.
TEST(ConfigurationTest, TellsOfFieldsThatAreNone) {
  EXPECT_EQ(
      UnknownNames({{"SGFLOW_RECORD_FORMAT", "${srcaddr} ${dstadr} ${quantum-state}"}}),
      (std::vector<std::string>{
          "SGFLOW_RECORD_FORMAT: 'dstadr' is no field that sgflow knows; it is carried as text "
          "(did you mean dstaddr?)",
          "SGFLOW_RECORD_FORMAT: 'quantum-state' is no field that sgflow knows; it is carried "
          "as text"}));
  EXPECT_EQ(UnknownNames({{"SGFLOW_RECORD_FORMAT", "v5"}}), std::vector<std::string>{});
}

TEST(ConfigurationTest, ReadsTheProcessesEnvironment) {
  const char* const environment[] = {"A=1", "B=x=y", "C=", "nonsense", nullptr};
  EXPECT_EQ(ReadEnvironment(environment), (Environment{{"A", "1"}, {"B", "x=y"}, {"C", ""}}));
}

TEST(ConfigurationTest, TakesLambdasLogLevel) {
  EXPECT_EQ(ReadLogLevel({}), LogLevel::kInfo);
  EXPECT_EQ(ReadLogLevel({{"AWS_LAMBDA_LOG_LEVEL", "WARN"}}), LogLevel::kWarn);
  EXPECT_EQ(ReadLogLevel({{"AWS_LAMBDA_LOG_LEVEL", "loud"}}), LogLevel::kInfo);
}

// Each variable has a row in the page, in the table's order and in its words.
TEST(ConfigurationTest, IsDocumented) {
  std::string rows;
  for (const ConfigurationVariable& variable : ConfigurationVariables()) {
    rows.append("| `").append(variable.name).append("` | ").append(variable.default_value);
    rows.append(" | ").append(variable.meaning).append(" |\n");
  }
  std::ifstream file("docs/configuration.md");
  const std::string page(std::istreambuf_iterator<char>(file), {});
  EXPECT_NE(page.find("|---|---|---|\n" + rows + "\n"), std::string::npos)
      << "docs/configuration.md should hold\n"
      << rows;
}

}  // namespace
}  // namespace sgflow
