#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace testdome_sync::sync {

enum class event_level { debug, info, warning, error };

/// What a field holds, so that the log writer knows what to hide.
enum class field_kind { plain, email, name };

/// One field of a log event. Names are as in JSON lines (`mapping`); the journal has them as `TDS_MAPPING`.
struct field {
    std::string_view name; ///< a literal
    std::string value;
    field_kind kind = field_kind::plain;
};

/// One row of the event table: a name that stays the same between versions.
struct event_type {
    std::string_view name; ///< `invitation.sent`
    event_level level;
    std::string_view message_id; ///< 32 hexadecimal digits, for the journal
    std::string_view meaning;    ///< one sentence for documentation and catalog
};

/// Every event there is. A test compares it with docs and message catalog.
const std::vector<event_type>& event_types();
/// The row of that name; the name must exist.
const event_type& event_type_of(std::string_view name);

struct event {
    const event_type* type;
    event_level level; ///< the type's, or `debug` for a repetition that nobody needs to read
    std::string text;  ///< one line for people; addresses and names only through `fields`
    std::vector<field> fields;
};

/// Where events go: the log in the daemon, a list in tests. Called on the loop's thread; must not throw or wait.
class event_sink {
public:
    virtual ~event_sink() = default;
    virtual void write(const event& event) = 0;

    /// Writes the event of that name.
    void emit(std::string_view name, std::string text, std::vector<field> fields = {});

    /// The same at level `debug`: nothing has changed since the last one.
    void emit_unchanged(std::string_view name, std::string text, std::vector<field> fields = {});
};

/// Foreign text made fit for a log line: control characters and what is no UTF-8 escaped, at most `limit_bytes` long,
/// e-mail addresses masked.
std::string printable(std::string_view foreign, std::size_t limit_bytes = 300);
/// `a…@example.com`
std::string masked_email(std::string_view email);
/// `A. B.`
std::string masked_name(std::string_view name);

} // namespace testdome_sync::sync
