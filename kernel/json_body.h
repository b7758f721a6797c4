// What only bodies hold, beside the fields of json.h: JSON that is kept as it was written, members
// whose names are the sender's, and a std::variant for a value of one of several types. They are
// read by json_fields.h and never written. A struct with a member `names_as_written` has names that
// others have given: data_base64 is not dataBase64 on the wire.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace yeyak {

// Any JSON, byte for byte; null is a value.
struct JsonText {
    std::string text;
};

// The members of an object that no other field of the struct takes.
template <class T>
struct Others {
    struct Member {
        std::string name;
        T value;
    };
    std::vector<Member> members;
};

}  // namespace yeyak
