// SPDX-License-Identifier: LGPL-2.1-or-later
// A JSON-like value, for `extra-input`, `extra-parameters` and a request's body.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace modelverse {

struct Value;
struct Member;
using Array = std::vector<Value>;
// In the user's order; each name occurs once.
using Object = std::vector<Member>;

// The type name of a value that JSON cannot represent. Kept so that the request is refused instead
// of paid for without the value.
struct Foreign {
  std::string type;
};

// One text in a request's body: the prefix, then the Base64 of the bytes of a picture. These may be
// 40 MB, so they are not copied, and must outlive the value.
struct Base64 {
  std::string prefix;  // "data:image/png;base64,", or empty
  std::string_view bytes;
};

struct Value {
  std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, Array, Object, Foreign,
               Base64>
      data;
};

// Not a std::pair: clang 14 cannot instantiate it with the incomplete type Value.
struct Member {
  std::string name;
  Value value;
};

}  // namespace modelverse
