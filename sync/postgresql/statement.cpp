#include "sync/postgresql/connection.hpp"

#include "sync/postgresql/library.hpp"

#include <array>
#include <cctype>
#include <charconv>

namespace testdome_sync::sync::postgresql {
namespace {

// The types of parameters and columns, as the catalog numbers them (pg_type.dat): these numbers never change.
constexpr Oid boolean_type = 16, number_type = 20, small_number_type = 23, text_type = 25;

/// `:name` becomes `$1`, and so on. What stands in quotes is left alone.
std::string numbered(const std::string& text)
{
    std::string made;
    int parameters = 0;
    bool is_quoted = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        is_quoted = is_quoted != (text[at] == '\'');
        if (text[at] != ':' || is_quoted) {
            made += text[at];
            continue;
        }
        made += '$' + std::to_string(++parameters);
        const auto goes_on = [&](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
        while (at + 1 < text.size() && goes_on(text[at + 1]))
            ++at;
    }
    return made;
}

} // namespace

statement::statement(connection& sql, const std::string& text) : sql_(sql), text_(numbered(text)) {}

void statement::bind(int parameter, long long number)
{
    const auto at = static_cast<std::size_t>(parameter);
    values_.resize(at + 1);
    types_.resize(at + 1);
    values_[at] = std::to_string(number);
    types_[at] = number_type;
}

void statement::bind(int parameter, std::string_view text)
{
    const auto at = static_cast<std::size_t>(parameter);
    values_.resize(at + 1);
    types_.resize(at + 1);
    values_[at] = text;
    sql_.make_storable(values_[at]);
    types_[at] = text_type;
}

void statement::prepare()
{
    auto name = 's' + std::to_string(++sql_.prepared_);
    if (!sql_.is_usable() || pq().PQsendPrepare(sql_.handle_.get(), name.c_str(), text_.c_str(),
                                                static_cast<int>(types_.size()), types_.data()) != 1)
        sql_.fail();
    sql_.await();
    name_ = std::move(name);
}

void statement::execute()
{
    if (name_.empty())
        prepare();
    std::vector<const char*> values;
    for (const auto& value : values_)
        values.push_back(value.c_str());
    if (!sql_.is_usable() ||
        pq().PQsendQueryPrepared(sql_.handle_.get(), name_.c_str(), static_cast<int>(values.size()), values.data(),
                                 nullptr, nullptr, 0) != 1)
        sql_.fail();
    answer_ = sql_.await();
    row_ = -1;
}

bool statement::step()
{
    if (!answer_)
        execute();
    return ++row_ < pq().PQntuples(answer_.get());
}

std::string_view statement::value(int column, bool is_text) const
{
    const auto type = pq().PQftype(answer_.get(), column);
    const bool is_number = type == number_type || type == small_number_type || type == boolean_type;
    if (pq().PQgetisnull(answer_.get(), row_, column) != 0 || (is_text ? type != text_type : !is_number))
        throw relational::damaged_value(std::string(is_text ? "there is no text in " : "there is no number in ") +
                                        pq().PQfname(answer_.get(), column));
    return {pq().PQgetvalue(answer_.get(), row_, column),
            static_cast<std::size_t>(pq().PQgetlength(answer_.get(), row_, column))};
}

void statement::read(int column, long long& into) const
{
    const auto text = value(column, false);
    if (pq().PQftype(answer_.get(), column) == boolean_type)
        into = text == "t" ? 1 : 0;
    else
        std::from_chars(text.data(), text.data() + text.size(), into);
}

void statement::read(int column, std::string& into) const
{
    into = value(column, true);
}

void statement::reset() noexcept
{
    answer_.reset();
}

} // namespace testdome_sync::sync::postgresql
