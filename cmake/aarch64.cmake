# From Debian to Lambda's arm64: Graviton2, which is a Neoverse N1 (Armv8.2), and what came after it.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)

set(for_graviton2 -march=armv8.2-a -mtune=neoverse-n1)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc ${for_graviton2})
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++ ${for_graviton2})
