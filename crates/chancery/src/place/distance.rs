//! Distances on the globe, by plain arithmetic so that every machine finds the same.

/// Kilometres of a degree of latitude.
const DEGREE: f64 = 111.2;

/// Kilometres between two points in degrees, good to a few percent up to a thousand kilometres.
pub fn km(a: (f64, f64), b: (f64, f64)) -> f64 {
    let north = (a.0 - b.0) * DEGREE;
    let mut east = (a.1 - b.1).abs();
    if east > 180.0 {
        east = 360.0 - east;
    }
    let east = east * DEGREE * cosine((a.0 + b.0) / 2.0);
    (north * north + east * east).sqrt()
}

/// Cosine of an angle from -90 to 90 degrees, by its series.
fn cosine(degrees: f64) -> f64 {
    let x = degrees * std::f64::consts::PI / 180.0;
    let x2 = x * x;
    (1.0 - x2 / 2.0 * (1.0 - x2 / 12.0 * (1.0 - x2 / 30.0 * (1.0 - x2 / 56.0)))).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn between_cities() {
        let near = |a, b, d: f64| assert!((km(a, b) - d).abs() < d * 0.02, "{}", km(a, b));
        near((48.853, 2.349), (51.509, -0.126), 344.0);
        near((64.15, -21.94), (65.68, -18.1), 246.0);
        near((-17.0, 179.5), (-17.0, -179.5), 106.3);
    }
}
