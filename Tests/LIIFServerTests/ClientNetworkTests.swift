import LIIFServer
import Testing

@Suite struct ClientNetworkTests {
    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1"), ("::ffff:192.0.2.1", "192.0.2.1"), ("::FFFF:c000:201", "192.0.2.1"),
        ("2001:db8:0:a1::5", "2001:db8:0:a1::/64"), ("2001:DB8:0:A1:ffff:1:2:3", "2001:db8:0:a1::/64"),
        ("2001:db8:0:a2::5", "2001:db8:0:a2::/64"), ("::1", "0:0:0:0::/64"), ("unknown", "unknown"),
    ])
    func aClientHasOneName(_ address: String, _ name: String) {
        #expect(ClientNetwork.name(of: address) == name)
    }
}
