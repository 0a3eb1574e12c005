#include "aws/crt_profile.h"

#include <aws/sdkutils/aws_profile.h>

#include <memory>

#include "aws/crt_pointer.h"

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

}  // namespace sgflow
