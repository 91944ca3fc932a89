#include "connectors/http/transport.hpp"

#include <boost/system/system_error.hpp>
#include <boost/throw_exception.hpp>

namespace testdome_sync::http {
namespace {

class http_category final : public boost::system::error_category {
public:
    const char* name() const noexcept override { return "testdome_sync.http"; }
    std::string message(int value) const override
    {
        switch (static_cast<errc>(value)) {
        case errc::invalid_url: return "the URL can't be used";
        case errc::resolve_failed: return "host not found";
        case errc::connect_failed: return "no connection";
        case errc::tls_failed: return "no secure connection";
        case errc::send_failed: return "the connection broke while sending";
        case errc::receive_failed: return "the answer broke off";
        case errc::too_large: return "the answer is too large";
        case errc::timed_out: return "no answer in time";
        case errc::canceled: return "canceled";
        case errc::too_many_redirects: return "too many redirects";
        }
        return "unknown error";
    }
};

} // namespace

const boost::system::error_category& category()
{
    static const http_category instance;
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

} // namespace testdome_sync::http
