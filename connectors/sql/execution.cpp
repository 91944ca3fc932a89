#include "connectors/sql/execution.hpp"

#include "connectors/sql/errors.hpp"

#include <list>
#include <memory>
#include <utility>
#include <vector>

#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

namespace testdome_sync::sql {
namespace json = boost::json;
namespace {

/// A value where SOCI finds it: it keeps references.
struct bound_value {
    std::string name;
    std::string text{};
    long long whole = 0;
    double real = 0;
    soci::indicator indicator = soci::i_ok;
};

void bind(soci::statement& made, bound_value& place, const json::value& value, database_type type)
{
    const auto as_text = [&](std::string text) {
        place.text = std::move(text);
        made.exchange(soci::use(place.text, place.indicator, place.name));
    };
    if (value.is_string()) {
        as_text(std::string(value.get_string()));
    } else if (value.is_bool() && type == database_type::postgresql) {
        as_text(value.get_bool() ? "true" : "false");
    } else if (value.is_double()) {
        place.real = value.get_double();
        made.exchange(soci::use(place.real, place.indicator, place.name));
    } else if (value.is_uint64()) { // larger than any signed number
        as_text(std::to_string(value.get_uint64()));
    } else if (value.is_int64() || value.is_bool()) {
        place.whole = value.is_bool() ? static_cast<long long>(value.get_bool()) : value.get_int64();
        made.exchange(soci::use(place.whole, place.indicator, place.name));
    } else {
        place.indicator = soci::i_null;
        as_text("");
    }
}

struct column {
    std::string name;
    column_kind kind = column_kind::text;
    soci::details::exchange_type read_as = soci::details::x_stdstring;
    std::string text{};
    long long whole = 0;
    double real = 0;
    soci::indicator indicator = soci::i_null;
    std::unique_ptr<soci::details::standard_into_type_backend> source{};
};

/// Reads whole rows, whatever their columns, as text. SOCI's own `soci::row` makes a std::tm of a time, which has
/// neither zone nor fraction, and fails at an odd one.
class row_reader final : public soci::details::into_type_base {
public:
    explicit row_reader(database_type type) : type_(type) {}

    json::object row() const
    {
        json::object made;
        for (const auto& one : columns_)
            made[one.name] = value_of(one);
        return made;
    }

private:
    void define(soci::details::statement_impl& statement, int&) override { statement_ = &statement; }
    void pre_exec(int) override {}
    std::size_t size() const override { return 1; }

    /// Comes when the parameters are in their places and the statement is about to be carried out.
    void pre_fetch() override
    {
        if (!described_)
            describe();
        described_ = true;
    }

    void post_fetch(bool got_row, bool called_from_fetch) override
    {
        if (!got_row)
            return;
        for (std::size_t at = 0; at < columns_.size(); ++at) {
            auto& one = columns_[at];
            if (type_ == database_type::sqlite) // there each value has a type of its own
                one.kind = sqlite_kind(static_cast<int>(at), one.kind);
            one.source->post_fetch(got_row, called_from_fetch, &one.indicator);
        }
    }

    void clean_up() override
    {
        for (auto& one : columns_)
            if (one.source) // none, if describing has failed
                one.source->clean_up();
    }

    void describe()
    {
        const int count = statement_->get_backend()->prepare_for_describe();
        columns_.reserve(static_cast<std::size_t>(count)); // the sources keep references
        for (int position = 1; position <= count; ++position) {
            auto& one = columns_.emplace_back();
            soci::data_type type = soci::dt_string;
            describe_column(position, type, one.name);
            require_new_name(one.name);
            const bool as_text =
                type == soci::dt_date || type == soci::dt_string || type == soci::dt_blob || type == soci::dt_xml;
            one.kind = as_text ? column_kind::text : column_kind::number;
            define_source(one, type, position);
        }
    }

    void describe_column(int position, soci::data_type& type, std::string& name)
    {
        if (type_ == database_type::sqlite) {
            auto* prepared = sqlite_statement();
            name = sqlite_api::sqlite3_column_name(prepared, position - 1);
            const char* declared = sqlite_api::sqlite3_column_decltype(prepared, position - 1);
            const std::string_view told = declared ? declared : "";
            type = told.starts_with("date") || told.starts_with("DATE") || told.starts_with("time") ||
                           told.starts_with("TIME")
                       ? soci::dt_date
                       : soci::dt_string;
            return;
        }
        try {
            statement_->get_backend()->describe_column(position, type, name);
        } catch (const soci::soci_error&) {
            throw database_error(trouble::wrong_statement, "column " + std::to_string(position) +
                                                               " of the query has a type that can't be read; "
                                                               "convert it in the query, to text for instance");
        }
    }

    void require_new_name(const std::string& name) const
    {
        for (std::size_t at = 0; at + 1 < columns_.size(); ++at)
            if (columns_[at].name == name)
                throw database_error(trouble::wrong_statement, "two columns of the query are called \"" + name +
                                                                   "\"; give one of them another name with AS");
    }

    void define_source(column& one, soci::data_type type, int position)
    {
        void* place = &one.text;
        if (type_ == database_type::odbc && one.kind == column_kind::number) { // its texts are cut at the width
            const bool real = type == soci::dt_double;
            one.read_as = real ? soci::details::x_double : soci::details::x_long_long;
            place = real ? static_cast<void*>(&one.real) : static_cast<void*>(&one.whole);
        }
        one.source.reset(statement_->make_into_type_backend());
        one.source->define_by_pos(position, place, one.read_as);
        one.source->pre_fetch();
    }

    sqlite_api::sqlite3_stmt* sqlite_statement() const
    {
        return static_cast<soci::sqlite3_statement_backend*>(statement_->get_backend())->stmt_;
    }

    column_kind sqlite_kind(int at, column_kind before) const
    {
        const int type = sqlite_api::sqlite3_column_type(sqlite_statement(), at);
        if (type == SQLITE_INTEGER || type == SQLITE_FLOAT)
            return column_kind::number;
        return before == column_kind::number ? column_kind::text : before;
    }

    static json::value value_of(const column& one)
    {
        if (one.indicator != soci::i_ok)
            return nullptr;
        if (one.read_as == soci::details::x_double)
            return one.real;
        return value_from(one.read_as == soci::details::x_long_long ? std::to_string(one.whole) : one.text, one.kind);
    }

    database_type type_;
    soci::details::statement_impl* statement_ = nullptr;
    std::vector<column> columns_;
    bool described_ = false;
};

} // namespace

long long execute(soci::session& session, database_type type, const execution& wanted)
{
    std::list<bound_value> places;
    soci::statement made(session);
    for (const auto& one : wanted.values)
        bind(made, places.emplace_back(bound_value{one.name}), one.value, type);
    row_reader* reader = nullptr;
    if (wanted.take) {
        reader = new row_reader(type);
        made.exchange(soci::details::into_type_ptr(reader)); // which owns it
    }
    made.alloc();
    made.prepare(wanted.text, soci::details::st_one_time_query);
    made.define_and_bind();
    for (bool got = made.execute(true); reader && got; got = made.fetch())
        wanted.take(reader->row());
    return made.get_affected_rows();
}

void prepare_only(soci::session& session, database_type type, const std::string& text,
                  const std::string& with_question_marks)
{
    if (type == database_type::mariadb) { // there SOCI itself prepares nothing
        session << "PREPARE testdome_sync_check FROM :text", soci::use(with_question_marks, "text");
        session << "DEALLOCATE PREPARE testdome_sync_check";
        return;
    }
    soci::statement made(session);
    made.alloc();
    made.prepare(text, soci::details::st_repeatable_query);
}

} // namespace testdome_sync::sql
