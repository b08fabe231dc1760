"""Where a connection may go, decided when it is made: an httpx transport over httpcore.

The name is resolved here, every address of the answer is checked, and the connection goes to an
address that was checked: there is no second look-up that could answer otherwise. TLS still sees
the name (SNI, certificate), and the server still sees it in `Host`. Knows nothing of redirects,
robots.txt or bodies.

    FetchError
    +-- AddressRefused     another scheme, or an address that is not public
    +-- TooLarge           more decoded bytes than allowed
    +-- BadEncoding        a compression that cannot be undone
    +-- TooManyRedirects
    +-- NoAnswer           no such name, refused, reset, not HTTP
        +-- DeadlineExceeded
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from queue import Empty, SimpleQueue

import httpcore
import httpx

Resolver = Callable[[str, int], Sequence[str]]
"""(host name, port) -> addresses as text. Raises `OSError` when there is no such name."""

NAT64 = IPv6Network("64:ff9b::/96")
POLL = 0.25
"""Seconds between looks at `cancel` while a name is looked up."""


class FetchError(Exception):
    """A page could not be had; the message is one sentence. `seconds`: how long that took, where it was measured."""

    seconds = 0.0


class AddressRefused(FetchError):
    """The address is none that we connect to."""


class TooLarge(FetchError):
    """The decoded body passes the limit."""


class BadEncoding(FetchError):
    """The body's content-encoding is unknown or broken."""


class TooManyRedirects(FetchError):
    """More redirects in a row than allowed."""


class NoAnswer(FetchError):
    """The host could not be reached, or broke off."""


class DeadlineExceeded(NoAnswer):
    """The whole answer took longer than allowed, however steadily it dripped."""


def system_resolver(host: str, port: int) -> Sequence[str]:
    """The operating system's answer, in its order, without repetitions."""
    try:
        infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise OSError(f"{host!r} is not a host name") from error
    return tuple(dict.fromkeys(str(info[4][0]) for info in infos))


def why_not_public(address: str) -> str:
    """Why no connection may go to this address ("loopback", "private", ...); "" for a public one.

    IPv4 inside IPv6 (mapped, 6to4, Teredo, NAT64) is judged by the IPv4 address.
    """
    try:
        ip = ip_address(address.split("%", 1)[0])
    except ValueError:
        return "malformed"
    if isinstance(ip, IPv6Address):
        inner = _embedded(ip)
        if inner is not None:
            return next((why for why in map(_kind, inner) if why), "")
    return _kind(ip)


def _embedded(ip: IPv6Address) -> tuple[IPv4Address, ...] | None:
    if ip.ipv4_mapped is not None:
        return (ip.ipv4_mapped,)
    if ip.sixtofour is not None:
        return (ip.sixtofour,)
    if ip.teredo is not None:
        return ip.teredo
    if ip in NAT64:
        return (IPv4Address(int(ip) & 0xFFFFFFFF),)
    return None


def _kind(ip: IPv4Address | IPv6Address) -> str:
    checks = {
        "unspecified": ip.is_unspecified,
        "loopback": ip.is_loopback,
        "link-local": ip.is_link_local,
        "multicast": ip.is_multicast,
        "private": ip.is_private or (isinstance(ip, IPv6Address) and ip.is_site_local),
        "reserved": ip.is_reserved or not ip.is_global,
    }
    return next((name for name, holds in checks.items() if holds), "")


class Guard(httpcore.NetworkBackend):
    """Connects only to checked addresses, and only until a deadline. Used by one thread at a time.

    `allowed_private` holds `address:port` (`[::1]:8080` for IPv6) that are allowed although they
    are not public: for tests, which run their own server. It is no setting.
    """

    def __init__(self, resolver: Resolver, allowed_private: frozenset[str]) -> None:
        self._resolver = resolver
        self._allowed = allowed_private
        self._deadline = float("inf")
        self._backend = httpcore.SyncBackend()
        self._stream: _GuardedStream | None = None
        self._cancelled = False

    def set_deadline(self, at: float) -> None:
        """From now on, nothing is waited for beyond `time.monotonic() == at`."""
        self._deadline = at

    def cancel(self) -> None:
        """End what is being waited for, and refuse what comes after. Callable from any thread."""
        self._cancelled = True
        if self._stream is not None:
            self._stream.shutdown()

    def remaining(self, timeout: float | None) -> float:
        """The seconds that may still be waited, at most `timeout`; raises `DeadlineExceeded`."""
        left = 0.0 if self._cancelled else self._deadline - time.monotonic()
        if left <= 0:
            raise DeadlineExceeded("The answer took longer than the time allowed for one page.")
        return left if timeout is None else min(left, timeout)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        options = tuple(socket_options or ())
        for address in self._checked(host, port):
            try:
                stream = self._backend.connect_tcp(address, port, self.remaining(timeout), local_address, options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
                continue
            self._stream = _GuardedStream(stream, self)
            return self._stream
        raise failure

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None
    ) -> httpcore.NetworkStream:
        raise AddressRefused("A local socket is not a public address; it is not fetched.")

    def _checked(self, host: str, port: int) -> Sequence[str]:
        """All addresses of `host`; one that is not public refuses the name as a whole."""
        self.remaining(None)
        try:
            addresses = self._looked_up(host, port)
        except OSError as error:
            raise NoAnswer(f"The name {host!r} is not known ({error}).") from error
        for address in addresses:
            why = why_not_public(address)
            place = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
            if why and place not in self._allowed:
                raise AddressRefused(f"{host!r} is at the {why} address {address}; not fetched.")
        return addresses

    def _looked_up(self, host: str, port: int) -> Sequence[str]:
        """The resolver's answer. The system's look-up has no limit of time: a thread is left to wait for it."""
        told: SimpleQueue[Sequence[str] | OSError] = SimpleQueue()

        def look_up() -> None:
            try:
                told.put(self._resolver(host, port))
            except OSError as error:
                told.put(error)
            except UnicodeError as error:  # a label that is empty or too long
                told.put(OSError(str(error)))

        threading.Thread(target=look_up, name="look-up", daemon=True).start()
        while True:
            with suppress(Empty):
                answer = told.get(timeout=self.remaining(POLL))
                if isinstance(answer, OSError):
                    raise answer
                return answer


class _GuardedStream(httpcore.NetworkStream):
    """A connection on which every wait ends at the guard's deadline."""

    def __init__(self, stream: httpcore.NetworkStream, guard: Guard) -> None:
        self._inner = stream
        self._guard = guard

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._guard.remaining(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._guard.remaining(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        wait = self._guard.remaining(timeout)
        self._inner = self._inner.start_tls(ssl_context, server_hostname, wait)
        return self

    def get_extra_info(self, info: str) -> object:
        return self._inner.get_extra_info(info)

    def shutdown(self) -> None:
        """Wake whoever waits on this connection."""
        raw = self._inner.get_extra_info("socket")
        if isinstance(raw, socket.socket):
            try:
                raw.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # closed already: nobody waits


class GuardedTransport(httpx.BaseTransport):
    """httpx requests over one guarded connection at a time; no proxy, no cookies, no redirects."""

    def __init__(self, guard: Guard, ssl_context: ssl.SSLContext) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl_context,
            max_connections=1,
            max_keepalive_connections=1,
            keepalive_expiry=30.0,
            network_backend=guard,
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        wanted = httpcore.Request(request.method, url, headers=request.headers.raw, extensions=request.extensions)
        with _named_errors():
            answer = self._pool.handle_request(wanted)
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer), extensions=answer.extensions)

    def close(self) -> None:
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        with _named_errors():
            yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


@contextmanager
def _named_errors() -> Generator[None]:
    """httpcore's errors as ours; ours pass."""
    try:
        yield
    except httpcore.TimeoutException as error:
        raise NoAnswer("The host did not answer in time.") from error
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        raise NoAnswer(f"The host gave no usable answer ({error}).") from error
    except httpcore.UnsupportedProtocol as error:
        raise AddressRefused(f"Only http and https are fetched ({error}).") from error
