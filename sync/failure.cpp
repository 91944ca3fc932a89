#include "sync/failure.hpp"

#include <boost/system/system_error.hpp>
#include <boost/throw_exception.hpp>

namespace testdome_sync::sync {
namespace {

class engine_category final : public boost::system::error_category {
public:
    const char* name() const noexcept override { return "testdome_sync.sync"; }
    std::string message(int value) const override
    {
        switch (static_cast<errc>(value)) {
        case errc::not_sent: return "not carried out";
        case errc::outcome_unknown: return "outcome unknown";
        case errc::refused: return "refused";
        case errc::denied: return "access denied";
        case errc::not_found: return "not found";
        case errc::malformed: return "answer not understood";
        case errc::unsupported: return "not supported";
        }
        return "unknown error";
    }
};

} // namespace

const boost::system::error_category& category()
{
    static const engine_category instance;
    return instance;
}

boost::system::error_code make_error_code(errc code)
{
    return {static_cast<int>(code), category()};
}

void throw_exception_from_error(const failure& failure, const boost::source_location& where)
{
    boost::throw_exception(boost::system::system_error(failure.code, failure.detail), where);
}

} // namespace testdome_sync::sync
