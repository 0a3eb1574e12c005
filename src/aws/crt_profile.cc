#include "aws/crt_profile.h"

#include <aws/sdkutils/aws_profile.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "aws/crt_pointer.h"
#include "aws/fault.h"

namespace sgflow {
namespace {

using Profiles = CrtPointer<aws_profile_collection, aws_profile_collection_release>;

CrtString Make(aws_allocator* allocator, const std::string& text) {
  return CrtString(aws_string_new_from_array(
      allocator, reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

Profiles ReadProfiles(aws_allocator* allocator) {
  const CrtString config(aws_get_config_file_path(allocator, nullptr));
  const CrtString credentials(aws_get_credentials_file_path(allocator, nullptr));
  const auto read = [&](const CrtString& path, aws_profile_source_type type) {
    return Profiles(path == nullptr
                        ? nullptr
                        : aws_profile_collection_new_from_file(allocator, path.get(), type));
  };
  const Profiles from_config = read(config, AWS_PST_CONFIG);
  const Profiles from_credentials = read(credentials, AWS_PST_CREDENTIALS);
  return Profiles(
      aws_profile_collection_new_from_merge(allocator, from_config.get(), from_credentials.get()));
}

using By = ProfileCredentials::By;

class CredentialsReader {
 public:
  explicit CredentialsReader(aws_allocator* allocator)
      : allocator_(allocator), profiles_(ReadProfiles(allocator)) {}

  AwsResult<ProfileCredentials> Read(const std::string& name) {
    const aws_profile* const profile = Find(name);
    ProfileCredentials found{.by = By::kNothing, .name = name, .unknown = {}};
    if (profile == nullptr) {
      const std::string named = EnvironmentVariable("AWS_PROFILE");
      if (!named.empty()) return std::unexpected(MissingProfileFault(named));
      return found;
    }
    auto by = ByOf(profile, name);
    if (!by) return std::unexpected(std::move(by.error()));
    found.by = *by;
    for (const char* property : {"sso_session", "sso_start_url", "login_session"}) {
      if (found.by == By::kNothing && Has(profile, property)) found.unknown = property;
    }
    return found;
  }

 private:
  AwsResult<By> ByOf(const aws_profile* profile, const std::string& name) {
    const bool has_id = Has(profile, "aws_access_key_id");
    const bool has_secret = Has(profile, "aws_secret_access_key");
    const bool is_first = names_.empty();
    names_.push_back(name);
    if (Has(profile, "role_arn") && (is_first || (!has_id && !has_secret))) {
      if (auto fault = FaultOfRole(profile, name)) return std::unexpected(std::move(*fault));
      return By::kRole;
    }
    if (has_id != has_secret) {
      return std::unexpected(Fault(name, has_id
                                             ? "aws_access_key_id and no aws_secret_access_key"
                                             : "aws_secret_access_key and no aws_access_key_id"));
    }
    if (has_id) return By::kKeys;
    return Has(profile, "credential_process") ? By::kProcess : By::kNothing;
  }

  std::optional<AwsFault> FaultOfRole(const aws_profile* profile, const std::string& name) {
    if (Has(profile, "source_profile")) {
      return FaultOfSource(profile, name, Property(profile, "source_profile"));
    }
    if (Has(profile, "credential_source")) {
      std::string source = Property(profile, "credential_source");
      std::ranges::transform(source, source.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
      });
      constexpr std::array kKnown{"ec2instancemetadata", "ecscontainer", "environment"};
      if (std::ranges::find(kKnown, source) != kKnown.end()) return std::nullopt;
      return Fault(name,
                   "a credential_source that is none of Environment, Ec2InstanceMetadata and "
                   "EcsContainer");
    }
    if (Has(profile, "web_identity_token_file")) return std::nullopt;
    return Fault(name, "role_arn, but no source_profile or credential_source to assume it with");
  }

  std::optional<AwsFault> FaultOfSource(const aws_profile* profile, const std::string& name,
                                        const std::string& source) {
    const aws_profile* const its_source = Find(source);
    if (its_source == nullptr) {
      return Fault(name, "the source_profile '" + source + "', which is not there");
    }
    // One that names itself gives the keys beside its role.
    const bool has_keys =
        Has(profile, "aws_access_key_id") || Has(profile, "aws_secret_access_key");
    const bool is_known = std::ranges::find(names_, source) != names_.end();
    if (is_known && (names_.size() > 1 || !has_keys)) {
      return Fault(name, "the source_profile '" + source + "', which leads back to it");
    }
    auto by = ByOf(its_source, source);
    if (!by) return std::move(by.error());
    if (*by != By::kNothing) return std::nullopt;
    return Fault(name, "the source_profile '" + source + "', which has no credentials");
  }

  static AwsFault Fault(const std::string& name, const std::string& what) {
    return MakeFault(AwsFault::Kind::kCredentials, "the AWS profile '" + name + "' has " + what,
                     "mend it in the files of AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE, or "
                     "choose another one with AWS_PROFILE");
  }

  const aws_profile* Find(const std::string& name) const {
    return profiles_ == nullptr
               ? nullptr
               : aws_profile_collection_get_profile(profiles_.get(), Make(allocator_, name).get());
  }
  bool Has(const aws_profile* profile, const std::string& property) const {
    return aws_profile_get_property(profile, Make(allocator_, property).get()) != nullptr;
  }
  std::string Property(const aws_profile* profile, const std::string& property) const {
    return Text(aws_profile_property_get_value(
        aws_profile_get_property(profile, Make(allocator_, property).get())));
  }

  aws_allocator* allocator_;
  Profiles profiles_;
  std::vector<std::string> names_;  // of the profiles that lead from one to the next
};

std::string NoProperty(const std::string& /*name*/, const std::string& /*service*/) { return {}; }

}  // namespace

AwsSettings ReadSettings(aws_allocator* allocator) {
  AwsSettings settings{.variable = EnvironmentVariable, .property = NoProperty};
  const std::shared_ptr<aws_profile_collection> profiles = ReadProfiles(allocator);
  const CrtString used(aws_get_profile_name(allocator, nullptr));
  const aws_profile* profile = profiles == nullptr
                                   ? nullptr
                                   : aws_profile_collection_get_profile(profiles.get(), used.get());
  if (profile == nullptr) {
    settings.missing_profile = EnvironmentVariable("AWS_PROFILE");
    return settings;
  }
  settings.property = [allocator, profiles, profile](const std::string& name,
                                                     const std::string& service) {
    const auto find = [&](const aws_profile* section, const std::string& wanted) {
      return aws_profile_get_property(section, Make(allocator, wanted).get());
    };
    if (service.empty()) {
      const aws_profile_property* property = find(profile, name);
      return property == nullptr ? std::string() : Text(aws_profile_property_get_value(property));
    }
    const aws_profile_property* services = find(profile, "services");
    if (services == nullptr) return std::string();
    const aws_profile* section =
        aws_profile_collection_get_section(profiles.get(), AWS_PROFILE_SECTION_TYPE_SERVICES,
                                           aws_profile_property_get_value(services));
    const aws_profile_property* property = section == nullptr ? nullptr : find(section, service);
    if (property == nullptr) return std::string();
    return Text(aws_profile_property_get_sub_property(property, Make(allocator, name).get()));
  };
  return settings;
}

AwsResult<ProfileCredentials> FindProfileCredentials(aws_allocator* allocator) {
  return CredentialsReader(allocator).Read(
      Text(CrtString(aws_get_profile_name(allocator, nullptr)).get()));
}

}  // namespace sgflow
