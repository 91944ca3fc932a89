#include "tests/support/hostile_server.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <mutex>
#include <stdexcept>
#include <thread>

namespace testdome_sync::testing {
namespace {

void require(bool well, const char* what)
{
    if (!well)
        throw std::runtime_error(std::string("hostile_server: ") + what);
}

int answer_to_name(SSL* session, int* alert, void* argument)
{
    const auto& speaks = *static_cast<const hostile_server::protocol*>(argument);
    const auto* asked = SSL_get_servername(session, TLSEXT_NAMETYPE_host_name);
    if (asked && speaks.host == asked)
        return SSL_TLSEXT_ERR_OK;
    *alert = SSL_AD_UNRECOGNIZED_NAME;
    if (speaks.answer == hostile_server::protocol::stranger::silence)
        ::shutdown(SSL_get_fd(session), SHUT_RDWR);
    return SSL_TLSEXT_ERR_ALERT_FATAL;
}

/// The chain as it stands in the PEM text: the leaf first.
void use_identity(SSL_CTX* context, const sandbox::certificate& identity)
{
    BIO* chain = BIO_new_mem_buf(identity.certificate_pem.data(), static_cast<int>(identity.certificate_pem.size()));
    BIO* key_text = BIO_new_mem_buf(identity.key_pem.data(), static_cast<int>(identity.key_pem.size()));
    X509* leaf = PEM_read_bio_X509(chain, nullptr, nullptr, nullptr);
    EVP_PKEY* key = PEM_read_bio_PrivateKey(key_text, nullptr, nullptr, nullptr);
    require(SSL_CTX_use_certificate(context, leaf) == 1 && SSL_CTX_use_PrivateKey(context, key) == 1, "identity");
    while (X509* between = PEM_read_bio_X509(chain, nullptr, nullptr, nullptr))
        SSL_CTX_add_extra_chain_cert(context, between); // takes it over
    ERR_clear_error();
    X509_free(leaf);
    EVP_PKEY_free(key);
    BIO_free(chain);
    BIO_free(key_text);
}

SSL_CTX* context_for(const sandbox::certificate& identity, hostile_server::protocol& speaks)
{
    SSL_CTX* context = SSL_CTX_new(TLS_server_method());
    if (speaks.weak)
        SSL_CTX_set_security_level(context, 0);
    use_identity(context, identity);
    SSL_CTX_set_min_proto_version(context, speaks.oldest);
    SSL_CTX_set_max_proto_version(context, speaks.newest);
    if (!speaks.host.empty()) {
        SSL_CTX_set_tlsext_servername_callback(context, answer_to_name);
        SSL_CTX_set_tlsext_servername_arg(context, &speaks);
    }
    return context;
}

class socket_peer final : public peer {
public:
    socket_peer(int socket, int stop, SSL_CTX* context) : socket_(socket), stop_(stop), session_(SSL_new(context))
    {
        SSL_set_fd(session_, socket);
    }

    ~socket_peer() override
    {
        if (secure_)
            SSL_shutdown(session_);
        ::shutdown(socket_, SHUT_WR);
        stay_until_the_client_closes(); // closing with unread bytes would destroy what was written (TCP reset)
        SSL_free(session_);
        ERR_clear_error();
    }
    socket_peer(const socket_peer&) = delete;
    socket_peer& operator=(const socket_peer&) = delete;

    bool shake_hands() override { return secure_ = SSL_accept(session_) == 1; }

    bool shake_hands_within(std::size_t bytes) override
    {
        BIO* ours = BIO_new(BIO_s_mem());
        SSL_set0_wbio(session_, ours);
        ::fcntl(socket_, F_SETFL, O_NONBLOCK);
        for (std::size_t sent = 0;;) {
            const int outcome = SSL_accept(session_);
            char* flight = nullptr;
            const auto length = static_cast<std::size_t>(BIO_get_mem_data(ours, &flight));
            const auto allowed = std::min(length, bytes - sent);
            write_beneath_tls({flight, allowed});
            sent += allowed;
            BIO_reset(ours);
            if (outcome == 1 && allowed == length)
                return true;
            if (allowed < length || SSL_get_error(session_, outcome) != SSL_ERROR_WANT_READ || !wait())
                return false;
        }
    }

    SSL* tls() override { return session_; }

    std::string read_request() override
    {
        std::string request;
        std::array<char, 4096> chunk{};
        while (request.find("\r\n\r\n") == std::string::npos) {
            if (SSL_pending(session_) == 0 && !wait())
                return {};
            const auto length = SSL_read(session_, chunk.data(), static_cast<int>(chunk.size()));
            if (length <= 0)
                return {};
            request.append(chunk.data(), static_cast<std::size_t>(length));
        }
        return request;
    }

    bool write(std::string_view bytes) override
    {
        return SSL_write(session_, bytes.data(), static_cast<int>(bytes.size())) > 0;
    }

    bool write_at_once(const std::vector<std::string>& records) override
    {
        BIO* socket = SSL_get_wbio(session_);
        BIO_up_ref(socket);
        BIO* gathered = BIO_new(BIO_s_mem());
        BIO_up_ref(gathered);
        SSL_set0_wbio(session_, gathered);
        for (const auto& record : records)
            write(record);
        SSL_set0_wbio(session_, socket);
        char* bytes = nullptr;
        const auto length = BIO_get_mem_data(gathered, &bytes);
        const bool written = write_beneath_tls({bytes, static_cast<std::size_t>(length)});
        BIO_free(gathered);
        return written;
    }

    std::size_t write_again_and_again(std::string_view bytes, std::size_t at_most) override
    {
        for (std::size_t times = 0; times < at_most; ++times)
            if (!write(bytes))
                return times;
        return at_most;
    }

    bool read_beneath_tls() override
    {
        std::array<char, 4096> chunk{};
        return wait() && ::read(socket_, chunk.data(), chunk.size()) > 0;
    }

    bool write_beneath_tls(std::string_view bytes) override
    {
        return ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
    }

    bool stay(std::chrono::milliseconds duration) override
    {
        std::array<pollfd, 2> watched{pollfd{socket_, POLLRDHUP, 0}, pollfd{stop_, POLLIN, 0}};
        return ::poll(watched.data(), watched.size(), static_cast<int>(duration.count())) == 0;
    }

    void stay_until_the_client_closes() override
    {
        std::array<char, 4096> chunk{};
        while (wait() && ::read(socket_, chunk.data(), chunk.size()) > 0) {
        }
    }

    void hang_up() override
    {
        secure_ = false;
        ::shutdown(socket_, SHUT_WR);
    }

private:
    /// Until there is something to read; false when the test is over.
    bool wait()
    {
        std::array<pollfd, 2> watched{pollfd{socket_, POLLIN, 0}, pollfd{stop_, POLLIN, 0}};
        ::poll(watched.data(), watched.size(), -1);
        return watched[1].revents == 0;
    }

    int socket_;
    int stop_;
    SSL* session_;
    bool secure_ = false;
};

} // namespace

struct hostile_server::implementation {
    implementation(const sandbox::certificate& identity, conduct how, protocol which)
        : behaviour(std::move(how)), speaks(std::move(which)), context(context_for(identity, speaks))
    {
        std::signal(SIGPIPE, SIG_IGN);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        require(::bind(listening, reinterpret_cast<sockaddr*>(&address), size) == 0 && ::listen(listening, 8) == 0 &&
                    ::getsockname(listening, reinterpret_cast<sockaddr*>(&address), &size) == 0 &&
                    ::pipe(stop.data()) == 0,
                "no socket");
        port = ntohs(address.sin_port);
        thread = std::thread([this] { serve(); });
    }

    ~implementation()
    {
        [[maybe_unused]] const auto told = ::write(stop[1], "x", 1);
        {
            const std::lock_guard lock(guard);
            if (current >= 0)
                ::shutdown(current, SHUT_RDWR); // ends whatever OpenSSL waits for
        }
        thread.join();
        ::close(listening);
        ::close(stop[0]);
        ::close(stop[1]);
        SSL_CTX_free(context);
    }

    bool wait_for_client()
    {
        std::array<pollfd, 2> watched{pollfd{listening, POLLIN, 0}, pollfd{stop[0], POLLIN, 0}};
        ::poll(watched.data(), watched.size(), -1);
        return watched[1].revents == 0;
    }

    void serve()
    {
        while (wait_for_client()) {
            const int accepted = ::accept(listening, nullptr, nullptr);
            const int at_once = 1;
            ::setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
            {
                const std::lock_guard lock(guard);
                current = accepted;
            }
            ++connections;
            {
                socket_peer client(accepted, stop[0], context);
                behaviour(client);
            }
            const std::lock_guard lock(guard);
            current = -1;
            ::close(accepted);
        }
    }

    conduct behaviour;
    protocol speaks;
    SSL_CTX* context;
    int listening = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    std::array<int, 2> stop{};
    std::uint16_t port = 0;
    std::atomic<int> connections = 0;
    std::mutex guard;
    int current = -1;
    std::thread thread;
};

hostile_server::hostile_server(const sandbox::certificate& identity, conduct behaviour)
    : hostile_server(identity, std::move(behaviour), protocol{})
{
}

hostile_server::hostile_server(const sandbox::certificate& identity, conduct behaviour, protocol speaks)
    : implementation_(std::make_unique<implementation>(identity, std::move(behaviour), std::move(speaks)))
{
}

hostile_server::~hostile_server() = default;

std::uint16_t hostile_server::port() const
{
    return implementation_->port;
}

int hostile_server::connections() const
{
    return implementation_->connections;
}

} // namespace testdome_sync::testing
