#include "daemon/listen_service.hpp"

#include "daemon/listener/http_server.hpp"
#include "daemon/listener/server_identity.hpp"
#include "daemon/listener/site.hpp"
#include "sync/access.hpp"

namespace testdome_sync::daemon {
namespace {

/// The service as the listener sees it.
class served_subject final : public listener::subject {
public:
    explicit served_subject(service& of) : of_(of) {}

    const config::settings& settings() const override { return of_.world().settings; }
    std::vector<const config::mapping*> mappings() const override
    {
        std::vector<const config::mapping*> all;
        for (const auto& one : of_.world().mappings)
            all.push_back(&one.settings);
        return all;
    }
    sync::ledger& ledger() override { return of_.world().ledger; }
    bool is_working() const override { return of_.is_working(); }
    bool has_refused_files() const override { return of_.has_refused_files(); }
    void look_now(const std::string& mapping) override { of_.look_now(mapping); }
    void look_at_testdome_now() override { of_.look_at_testdome_now(); }

private:
    service& of_;
};

} // namespace

struct listen_service::implementation {
    implementation(service& of, foundation& on)
        : served(of), base(on), about(of), site(on.context.get_executor(), about, on.clock, TESTDOME_SYNC_VERSION)
    {
    }

    void open(const config::listen_settings& wanted);
    void tell_unavailable(const config::listen_settings& wanted, const std::exception& why);

    service& served;
    foundation& base;
    served_subject about;
    listener::site site;
    config::listen_settings where; ///< of the server
    std::unique_ptr<listener::http_server> server;
};

void listen_service::implementation::open(const config::listen_settings& wanted)
{
    auto made = std::make_unique<listener::http_server>(
        base.context.get_executor(), wanted, [this](const listener::question& asked) { return site.answer(asked); });
    server = std::move(made);
    where = wanted;
    served.events().emit("listener.ready", "listening at " + server->address() + (wanted.has_tls() ? " with TLS" : ""),
                         {{"address", server->address()}});
}

void listen_service::implementation::tell_unavailable(const config::listen_settings& wanted, const std::exception& why)
{
    served.events().emit("listener.unavailable",
                         "no listener at " + wanted.address() + ": " + why.what() +
                             (server ? "; the one at " + server->address() + " goes on"
                                     : "; status page, metrics and webhooks are missing until a reload or restart"),
                         {{"address", wanted.address()}});
}

listen_service::listen_service(service& served, foundation& base)
    : implementation_(std::make_unique<implementation>(served, base))
{
    follow();
}

listen_service::~listen_service() = default;

void listen_service::follow()
{
    auto& self = *implementation_;
    const auto wanted = self.served.world().settings.listen;
    if (!wanted.is_on()) {
        self.server.reset();
        return;
    }
    std::optional<sync::wall_time> end;
    try {
        if (self.server && self.where.is_same_place(wanted)) {
            self.server->renew(wanted);
            self.where = wanted;
        } else {
            self.open(wanted);
        }
        end = listener::end_of_certificate(wanted);
    } catch (const std::exception& error) {
        return self.tell_unavailable(wanted, error);
    }
    sync::note_certificate_end(self.served.world().ledger, end);
}

} // namespace testdome_sync::daemon
