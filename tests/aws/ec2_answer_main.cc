// ec2_answer ACTION FILE...: each file's XML as the JSON that sgflow makes of it, one line a file.

#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>

#include "aws/action.h"
#include "aws/ec2_answer.h"

int main(int argc, char** argv) {
  sgflow::Ec2Ask ask{.prefix_list_id = "pl-0a000000000000001"};
  const std::string_view wanted = argc > 1 ? argv[1] : "";
  std::size_t index = 0;
  while (sgflow::AwsActions()[index].name != wanted) ++index;
  ask.action = static_cast<sgflow::Ec2Action>(index);
  for (int i = 2; i < argc; ++i) {
    std::ifstream file(argv[i], std::ios::binary);
    const std::string xml{std::istreambuf_iterator<char>(file), {}};
    const auto answer = sgflow::ReadEc2Answer(ask, xml);
    std::cout << (answer ? answer->json : sgflow::Describe(answer.error().error)) << '\n';
  }
}
