/// Values that workers put in place one by one.
final class Slots<Value: Sendable>: @unchecked Sendable {
    private let storage: UnsafeMutablePointer<Value?>
    private let count: Int

    init(count: Int) {
        self.count = count
        storage = .allocate(capacity: count)
        storage.initialize(repeating: nil, count: count)
    }

    deinit {
        storage.deinitialize(count: count)
        storage.deallocate()
    }

    /// Each place is set by one worker, once.
    func set(_ index: Int, _ value: Value) { storage[index] = value }

    /// - Precondition: every place has been set.
    var values: [Value] { (0..<count).map { storage[$0]! } }
}
