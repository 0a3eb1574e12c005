// Looks at a snapshot in Redis whenever a line comes in, and says what is there.
//   look_again redis://HOST:PORT/KEY
#include <iostream>
#include <string>

#include "store/snapshot_store.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: look_again URL\n";
    return 2;
  }
  const auto store = sgflow::MakeRedisStore(argv[1], nullptr);
  if (!store) {
    std::cerr << sgflow::Describe(store.error()) << '\n';
    return 2;
  }
  for (std::string line; std::getline(std::cin, line);) {
    const auto bytes = (*store)->ReadNew();
    if (!bytes) {
      std::cout << sgflow::Describe(bytes.error()) << std::endl;
    } else if (!*bytes) {
      std::cout << "the same" << std::endl;
    } else {
      std::cout << "new: " << (*bytes)->size() << " bytes" << std::endl;
    }
  }
  return 0;
}
