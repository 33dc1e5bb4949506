import ImageCodecs
import Imaging
import LIIF

let photo = try Image<UInt8>.read(from: "photo.jpg")
let image = try LIIFModel.default().encode(photo)  // a colour at every coordinate

let poster = try image.rendered(height: 555, width: 740)  // at any resolution
try poster.rounded().write(to: "poster.png")

let corner = Region(y: 0, x: 0, height: 40.5, width: 40.5)  // in the photo's pixels
let detail = try image.rendered(corner, height: 512, width: 512)  // any part of it
try detail.rounded().write(to: "detail.jpg")
