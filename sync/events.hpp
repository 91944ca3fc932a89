#pragma once

#include "sync/event_types.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace testdome_sync::sync {

/// What a field holds, so that the log writer knows what to hide.
enum class field_kind { plain, email, name };

/// One field of a log event. Names are as in JSON lines (`mapping`); the journal has them as `TDS_MAPPING`.
struct field {
    std::string_view name; ///< a literal
    std::string value;
    field_kind kind = field_kind::plain;
};

struct event {
    const event_type* type;
    event_level level; ///< the type's or lower; see `event_sink`
    std::string text;  ///< one line for people; addresses and names only through `fields`
    std::vector<field> fields;
};

/// Where events go: the log in the daemon, a list in tests. Called on the loop's thread; must not throw or wait.
class event_sink {
public:
    virtual ~event_sink() = default;
    virtual void write(const event& event) = 0;

    /// Writes the event of that name.
    void emit(event_name name, std::string text, std::vector<field> fields = {});

    /// The same at level `info`: one warning tells of many together, and this is one of them.
    void emit_in_detail(event_name name, std::string text, std::vector<field> fields = {});

    /// The same at level `debug`: nothing has changed since the last one.
    void emit_unchanged(event_name name, std::string text, std::vector<field> fields = {});
};

/// Foreign text made fit for a log line: control characters and what is no UTF-8 escaped, at most `limit_bytes` long,
/// e-mail addresses masked.
std::string printable(std::string_view foreign, std::size_t limit_bytes = 300);
/// `a…@example.com`
std::string masked_email(std::string_view email);
/// `A. B.`
std::string masked_name(std::string_view name);

} // namespace testdome_sync::sync
