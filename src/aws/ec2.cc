#include "aws/ec2.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <utility>

#include "aws/action.h"
#include "aws/ec2_answer.h"
#include "aws/fault.h"
#include "aws/percent_encoding.h"

namespace sgflow {
namespace {

// A bucket of 100 calls refills by 20 a second, and other tools of the account take from it too.
constexpr std::size_t kMostAtOnce = 16;
// Far more than there can be; ends a service that never does.
constexpr std::size_t kMostPages = 100'000;

const AwsAction& ActionOf(const Ec2Ask& ask) {
  return AwsActions()[static_cast<std::size_t>(ask.action)];
}

// What one call after the other answers: an ask, or 200 values of its filter.
struct Listing {
  std::size_t ask = 0;
  std::span<const std::string> values{};
  std::string token{};
  Ec2Pages pages{};
  bool whole = false;
  bool started_anew = false;
};

class QueryEc2 : public Ec2 {
 public:
  QueryEc2(AwsClient& client, std::string region) : client_(client), region_(std::move(region)) {}

  [[nodiscard]] std::vector<AwsResult<Ec2Pages>> Ask(std::span<const Ec2Ask> asks) override {
    std::vector<AwsResult<Ec2Pages>> answers(asks.size());
    std::vector<Listing> listings = Split(asks);
    for (;;) {
      std::vector<Listing*> open;
      for (Listing& listing : listings) {
        const bool goes_on = !listing.whole && answers[listing.ask].has_value();
        if (goes_on && open.size() < kMostAtOnce) open.push_back(&listing);
      }
      if (open.empty()) break;
      TurnPages(asks, open, answers);
    }
    for (Listing& listing : listings) {
      auto& answer = answers[listing.ask];
      if (answer) std::ranges::move(listing.pages, std::back_inserter(*answer));
    }
    return answers;
  }

 private:
  static std::vector<Listing> Split(std::span<const Ec2Ask> asks) {
    std::vector<Listing> listings;
    for (std::size_t i = 0; i < asks.size(); ++i) {
      std::span<const std::string> values = asks[i].values;
      if (asks[i].filter.empty()) listings.push_back({.ask = i});
      while (!values.empty()) {
        const std::size_t count = std::min(values.size(), kMostFilterValues);
        listings.push_back({.ask = i, .values = values.first(count)});
        values = values.subspan(count);
      }
    }
    return listings;
  }

  // The next page of each.
  void TurnPages(std::span<const Ec2Ask> asks, std::span<Listing* const> open,
                 std::vector<AwsResult<Ec2Pages>>& answers) {
    std::vector<AwsCall> calls;
    calls.reserve(open.size());
    for (const Listing* listing : open) calls.push_back(CallFor(asks[listing->ask], *listing));
    auto replies = client_.Send(calls);
    for (std::size_t i = 0; i < open.size(); ++i) {
      const Ec2Ask& ask = asks[open[i]->ask];
      auto& answer = answers[open[i]->ask];
      if (auto fault = Take(ask, std::move(replies[i]), *open[i])) {
        answer = std::unexpected(std::move(*fault));
      }
    }
  }

  AwsCall CallFor(const Ec2Ask& ask, const Listing& listing) const {
    const AwsAction& action = ActionOf(ask);
    std::string body =
        fmt::format("Action={}&Version=2016-11-15&MaxResults={}", action.name, action.largest_page);
    // Else the interfaces of EKS Auto Mode, ECS and the like stay hidden.
    if (ask.action == Ec2Action::kDescribeNetworkInterfaces)
      body += "&IncludeManagedResources=true";
    if (!ask.prefix_list_id.empty()) body += "&PrefixListId=" + PercentEncode(ask.prefix_list_id);
    if (!ask.filter.empty()) body += "&Filter.1.Name=" + PercentEncode(ask.filter);
    for (std::size_t i = 0; i < listing.values.size(); ++i) {
      body += fmt::format("&Filter.1.Value.{}={}", i + 1, PercentEncode(listing.values[i]));
    }
    if (!listing.token.empty()) body += "&NextToken=" + PercentEncode(listing.token);
    return {.service = "ec2",
            .region = region_,
            .iam_action = std::string(action.iam_action),
            .headers = {{"content-type", "application/x-www-form-urlencoded; charset=utf-8"}},
            .body = std::move(body),
            .deadline = ask.deadline};
  }

  std::optional<AwsFault> Take(const Ec2Ask& ask, AwsResult<AwsAnswer> reply, Listing& listing) {
    if (!reply) {
      // What was taken without a token is refused with one: EC2 forgets tokens after a while.
      const bool token_refused =
          !listing.token.empty() && reply.error().kind == AwsFault::Kind::kRefused;
      if (!token_refused || listing.started_anew) return std::move(reply.error());
      listing = {.ask = listing.ask, .values = listing.values, .started_anew = true};
      return std::nullopt;
    }
    if (auto taken = TakePage(ask, reply->body, listing); !taken) {
      AwsFault& fault = taken.error();
      fault.error.message =
          fmt::format("{} in {}: {}", ActionOf(ask).iam_action, region_, fault.error.message);
      return std::move(fault);
    }
    return std::nullopt;
  }

  static AwsResult<void> TakePage(const Ec2Ask& ask, std::string_view xml, Listing& listing) {
    auto page = ReadEc2Answer(ask, xml);
    if (!page) return std::unexpected(std::move(page.error()));
    listing.pages.push_back(std::move(page->json));
    listing.whole = page->next_token.empty();
    const bool turns_in_circles = !listing.whole && page->next_token == listing.token;
    if (turns_in_circles || listing.pages.size() >= kMostPages) {
      return std::unexpected(
          MakeFault(AwsFault::Kind::kBadAnswer,
                    fmt::format("the answer does not end after {} pages", listing.pages.size())));
    }
    listing.token = std::move(page->next_token);
    return {};
  }

  AwsClient& client_;
  std::string region_;
};

}  // namespace

std::unique_ptr<Ec2> MakeEc2(AwsClient& client, std::string region) {
  return std::make_unique<QueryEc2>(client, std::move(region));
}

}  // namespace sgflow
