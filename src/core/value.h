// SPDX-License-Identifier: LGPL-2.1-or-later
// A JSON-like value: what `extra-input` and `extra-parameters` carry from the user to the wire.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace modelverse {

struct Value;
struct Member;
using Array = std::vector<Value>;
// In the user's order; a name stands once.
using Object = std::vector<Member>;

// Something that JSON does not have, by the name of its type. Kept so that it is refused, and not
// left out of what is paid for.
struct Foreign {
  std::string type;
};

struct Value {
  std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, Array, Object, Foreign>
      data;
};

// Not a std::pair: clang 14 cannot make one of a type that is defined by way of it.
struct Member {
  std::string name;
  Value value;
};

}  // namespace modelverse
